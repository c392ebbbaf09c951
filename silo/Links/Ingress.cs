using System.Buffers;
using System.Text.Json;
using Twins.Contracts;
using Twins.Contracts.Fleet;
using Twins.Contracts.Json;
using Twins.Contracts.Links;
using Twins.Contracts.Twins;
using Twins.Silo.Dialects;
using Twins.Silo.Egress;
using Twins.Silo.Links.Fencing;
using Twins.Silo.Storage;
using Twins.Silo.Telemetry;
using Twins.Silo.Twins;

namespace Twins.Silo.Links;

/// <summary>
/// The door for links: takes a publish all the way to its twin. What can not be applied becomes a dead letter and is
/// told to the device; it never blocks what comes behind it.
/// </summary>
internal sealed partial class Ingress(
    IDialect dialect,
    Dispatcher dispatcher,
    DeadLetterStore deadLetters,
    StoreRetry retry,
    FenceTokens tokens,
    IGrainFactory grains,
    TwinsMetrics metrics,
    TimeProvider time,
    ILogger<Ingress> logger)
{
    /// <summary>How much of a topic and of a payload a dead letter keeps.</summary>
    private const int Kept = 1024;

    /// <summary>Gets whether messages with QoS 0 are dropped: the store is known not to take them.</summary>
    public bool Sheds => retry.Fault is not null;

    /// <summary>
    /// Takes a publish. When this returns it may be acknowledged: its change, or its dead letter, is durable.
    /// </summary>
    /// <returns>Why it could not be applied, or null.</returns>
    /// <exception cref="FencedException">Another connection has the right; it must not be acknowledged, and its connection must be closed.</exception>
    /// <exception cref="Exception">The store did not take it; it must not be acknowledged.</exception>
    public Task<Problem?> Take(LinkMessage message) => Take(message, Decode(message));

    /// <inheritdoc cref="Take(LinkMessage)"/>
    public async Task<Problem?> Take(LinkMessage message, Decoded decoded)
    {
        using var span = TwinsTracing.Receive(message);
        var link = message.Source.Address.Link;
        var received = time.GetTimestamp();
        metrics.Received(link);
        try
        {
            var outcome = decoded switch
            {
                { Problem: { } problem } => MessageOutcome.Rejected(problem),
                { Message: { } said, TwinId: { } twinId } => await dispatcher.Apply(twinId, said, message.MayShed, message.Ended),
                _ => MessageOutcome.Ignored,
            };
            if (outcome.Kind == MessageOutcomeKind.Rejected)
            {
                await Bury(message, decoded.TwinId, outcome.Problem!);
            }
            else if (outcome.Notice is { } notice)
            {
                // Not awaited: the message is taken, and its acknowledgement must not wait for another one to leave. It catches what happens.
                _ = TellDevice(message, decoded.TwinId!, notice);
            }

            metrics.Taken(link, outcome.Kind, time.GetElapsedTime(received));
            if (outcome.Kind == MessageOutcomeKind.Fenced)
            {
                tokens.Raise(outcome.Token);
                throw new FencedException($"another connection acts for device {decoded.TwinId} under the same right");
            }

            return outcome.Problem;
        }
        catch (Exception exception) when (exception is not FencedException)
        {
            metrics.NotTaken(link);
            throw;
        }
    }

    /// <summary>Understands a publish without taking it.</summary>
    public Decoded Decode(LinkMessage message)
    {
        try
        {
            return dialect.Decode(message);
        }
        catch (Exception exception)
        {
            // Poison never blocks, whatever it is.
            DecodeFailed(exception, message.Source.Address.Link);
            return new Decoded(null, null, TwinProblems.Unforeseen());
        }
    }

    private async Task Bury(LinkMessage message, string? twinId, Problem problem)
    {
        var letter = new DeadLetter
        {
            Id = SortableId.New(time),
            At = time.GetUtcNow(),
            Link = message.Source.Address.Link,
            Connection = message.Source.ClientId,
            Topic = message.Topic.Length <= Kept ? message.Topic : message.Topic[..Kept],
            TwinId = twinId,
            Problem = problem,
            PayloadStart = message.Payload.Slice(0, Math.Min(message.Payload.Length, Kept)).ToArray(),
            PayloadBytes = message.Payload.Length,
        };
        // One that was stored, and whose answer was lost, is kept twice: better than not at all.
        await retry.RunAsync(() => deadLetters.AddAsync(letter), () => message.IsUnwanted);
        metrics.DeadLetter(message.Source.Address.Link, problem.Code);
        DeadLetterKept(message.Source.Address.Link, twinId, problem.Code);
        if (twinId is not null)
        {
            await TellDevice(message, twinId, problem);
        }
    }

    private async Task TellDevice(LinkMessage message, string twinId, Problem problem)
    {
        try
        {
            // Whether the device listens is its own affair: the dead letter is the record.
            await grains.GetGrain<IMqttEgressGrain>(EgressShards.Of(twinId)).Send(new OutgoingMessage
            {
                TwinId = twinId,
                Kind = OutgoingMessageKind.Error,
                Address = message.Source.Address,
                Dialect = dialect.Name,
                Body = Spell(problem, message.Topic),
                Connection = message.Source.ClientId,
            });
        }
        catch (Exception exception)
        {
            DeviceNotTold(exception, twinId);
        }
    }

    /// <summary>RFC 9457, as over REST.</summary>
    private static byte[] Spell(Problem problem, string topic)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer, JsonText.WriterOptions);
        json.WriteStartObject();
        ProblemJson.WriteMembers(json, problem);
        json.WriteString("topic"u8, topic.Length <= Kept ? topic : topic[..Kept]);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    [LoggerMessage(LogEvents.DeadLetterKept, LogLevel.Debug, "A message on link {Link} for twin {TwinId} became a dead letter: {Code}.")]
    private partial void DeadLetterKept(string link, string? twinId, string code);

    [LoggerMessage(LogEvents.DeviceNotTold, LogLevel.Debug, "Twin {TwinId}'s device could not be told what was wrong with its message.")]
    private partial void DeviceNotTold(Exception exception, string twinId);

    [LoggerMessage(LogEvents.DecodeFailed, LogLevel.Error, "A message on link {Link} could not be decoded, for a reason that is a fault of the platform.")]
    private partial void DecodeFailed(Exception exception, string link);
}

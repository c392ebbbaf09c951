using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Twins.Tests.Harness;

/// <summary>
/// An MQTT client that we did not write: Eclipse Paho for Python, in a process of its own, so that it can die as
/// devices do.
/// </summary>
public sealed class PahoClient : IAsyncDisposable
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(40);

    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonNode>> _requests = new();
    private readonly TaskCompletionSource _disconnected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _progress = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _writing = new(1);
    private readonly ChildProcess _process;
    private int _lastRequest;

    private PahoClient(PahoOptions options)
    {
        Options = options;
        _process = ChildProcess.Start(
            Component.Paho.RequiredPath,
            ["-u", Path.Combine(AppContext.BaseDirectory, "paho", "client.py")],
            onOutput: OnLine);
    }

    /// <summary>How it connected.</summary>
    public PahoOptions Options { get; }

    /// <summary>The broker had kept a session for it.</summary>
    public bool SessionPresent { get; private set; }

    /// <summary>What it received.</summary>
    public Inbox<MqttMessage> Inbox { get; } = new();

    /// <summary>Ends when the connection ends, whoever ended it.</summary>
    public Task Disconnected => _disconnected.Task;

    /// <summary>After the end: the reason in the platform's DISCONNECT (MQTT 5), or what paho has for one.</summary>
    public int? DisconnectReason { get; private set; }

    /// <summary>A stream has as many acknowledgements as it was to report.</summary>
    public Task Progress => _progress.Task;

    /// <summary>Connects.</summary>
    /// <exception cref="ConnectionRefusedException">It was refused.</exception>
    public static async Task<PahoClient> Connect(PahoOptions options)
    {
        var client = new PahoClient(options);
        try
        {
            await client.Connect();
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    /// <summary>Subscribes and returns when the broker has said so.</summary>
    public async Task Subscribe(string topic, int qos = 1)
    {
        var reply = await Ask(new() { ["do"] = "subscribe", ["topic"] = topic, ["qos"] = qos });
        var granted = (int)reply["granted"]![0]!;
        if (granted >= 0x80)
        {
            throw new InvalidOperationException($"subscription to {topic} refused with {granted}");
        }
    }

    /// <summary>Takes a subscription back; returns the reason that the broker answers with, which is null in 3.1.1.</summary>
    public async Task<int?> Unsubscribe(string topic)
    {
        var reply = await Ask(new() { ["do"] = "unsubscribe", ["topic"] = topic });
        return (int?)reply["reasons"]!.AsArray().FirstOrDefault();
    }

    /// <summary>Publishes; with QoS 1 and 2 returns when the broker has acknowledged.</summary>
    public Task Publish(Publish message) => Ask(ToJson(message, "publish"));

    /// <summary>Publishes; with QoS 1 and 2 returns when the broker has acknowledged.</summary>
    public Task Publish(string topic, string payload, int qos = 1) => Publish(new(topic, payload) { Qos = qos });

    /// <summary>Takes the first message on the topic that was not taken yet; waits for it.</summary>
    public Task<MqttMessage> Receive(string topic, TimeSpan? deadline = null) =>
        Inbox.Take(message => message.Topic == topic, $"a message on {topic}", deadline);

    /// <summary>Takes the first message that matches; waits for it.</summary>
    public Task<MqttMessage> Receive(Predicate<MqttMessage> match, string what, TimeSpan? deadline = null) =>
        Inbox.Take(match, what, deadline);

    /// <summary>
    /// Publishes <c>{"k{i mod properties}": i}</c> for i = 0, 1, … with QoS 1 until the connection ends or
    /// <paramref name="last"/> messages are sent, at most <paramref name="window"/> ahead of their acknowledgement.
    /// </summary>
    /// <param name="ordered">Whether each message says with <c>$epoch</c> and <c>$seq</c> where it stands.</param>
    public async Task<PahoStream> Stream(string topic, int properties, int window, int report, int last = int.MaxValue, bool ordered = false)
    {
        var reply = await Ask(
            new()
            {
                ["do"] = "stream",
                ["topic"] = topic,
                ["qos"] = 1,
                ["properties"] = properties,
                ["window"] = window,
                ["report"] = report,
                ["last"] = last,
                ["ordered"] = ordered,
            },
            TimeSpan.FromMinutes(2));
        return new PahoStream(properties, (int)reply["sent"]!, reply["acknowledged"]!.Deserialize<int[]>()!);
    }

    /// <summary>Says goodbye (DISCONNECT): no will is published.</summary>
    public Task Disconnect() => Ask(new() { ["do"] = "disconnect" });

    /// <summary>Dies: the connection ends without DISCONNECT.</summary>
    public Task Die() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _writing.Dispose();
    }

    private async Task Connect()
    {
        var request = new JsonObject
        {
            ["do"] = "connect",
            ["port"] = Options.Port,
            ["client"] = Options.ClientId,
            ["version"] = Options.Version,
            ["clean"] = Options.Clean,
            ["keepalive"] = Options.KeepAliveSeconds,
            ["inflight"] = Options.InFlight,
        };
        if (Options.Will is { } will)
        {
            request["will"] = ToJson(will, "will");
        }

        if (Options.Username is { } username)
        {
            request["username"] = username;
            request["password"] = Options.Password;
        }

        var reply = await Ask(request);
        if ((int)reply["code"]! is not 0 and var code)
        {
            throw new ConnectionRefusedException(Options.ClientId, code);
        }

        SessionPresent = (bool)reply["sessionPresent"]!;
    }

    private async Task<JsonNode> Ask(JsonObject request, TimeSpan? deadline = null)
    {
        var number = Interlocked.Increment(ref _lastRequest);
        var completion = _requests[number] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        request["n"] = number;
        await _writing.WaitAsync();
        try
        {
            await _process.Input.WriteLineAsync(request.ToJsonString());
            await _process.Input.FlushAsync();
        }
        finally
        {
            _writing.Release();
        }

        JsonNode reply;
        try
        {
            reply = await completion.Task.WaitAsync(deadline ?? s_deadline);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{Options.ClientId}: no answer to {request["do"]} {request["topic"]}; {_process.Output}", e);
        }

        return reply["error"] is { } error
            ? throw new InvalidOperationException($"{Options.ClientId}: {request["do"]} {request["topic"]}: {error}")
            : reply;
    }

    private void OnLine(string text)
    {
        var line = JsonNode.Parse(text)!;
        if (line["message"] is { } message)
        {
            Inbox.Add(new MqttMessage(
                (string)message["topic"]!,
                Convert.FromBase64String((string)message["payload"]!),
                (int)message["qos"]!,
                (bool)message["retain"]!,
                [.. message["user"]!.AsArray().Select(pair => KeyValuePair.Create((string)pair![0]!, (string)pair[1]!))],
                message["correlation"] is { } data ? Convert.FromBase64String((string)data!) : null));
        }
        else if (line["progress"] is not null)
        {
            _progress.TrySetResult();
        }
        else if (line["disconnected"] is not null)
        {
            DisconnectReason = (int?)line["reason"];
            _disconnected.TrySetResult();
        }
        else if (_requests.TryRemove((int)line["reply"]!, out var request))
        {
            request.SetResult(line);
        }
    }

    private static JsonObject ToJson(Publish message, string what)
    {
        var json = new JsonObject
        {
            ["do"] = what,
            ["topic"] = message.Topic,
            ["payload"] = Convert.ToBase64String(message.Payload),
            ["qos"] = message.Qos,
            ["retain"] = message.Retain,
        };
        if (message.UserProperties.Count > 0)
        {
            json["user"] = new JsonArray([.. message.UserProperties.Select(pair => new JsonArray(pair.Key, pair.Value))]);
        }

        if (message.ResponseTopic is not null)
        {
            json["response_topic"] = message.ResponseTopic;
        }

        if (message.CorrelationData is not null)
        {
            json["correlation"] = Convert.ToBase64String(message.CorrelationData);
        }

        return json;
    }
}

using Orleans.CodeGeneration;
using Twins.Contracts.Commands;

namespace Twins.Contracts.Twins;

/// <summary>
/// The twin of one device; the grain key is the twin id. It is the only writer of its document. Every method
/// returns after the change it made is in the store, and throws when the store did not take it: the caller must
/// then assume nothing and try again.
/// </summary>
[Alias("twins.twin"), Version(GrainVersion.Current)]
public interface ITwinGrain : IGrainWithStringKey
{
    /// <summary>Applies what the device sent, in the order given; one outcome per message.</summary>
    /// <param name="messages">The messages.</param>
    /// <param name="call">
    /// The number of this call (see <see cref="CallNumbers"/>). A caller that gets no answer repeats its messages with a higher number.
    /// The earlier call may still arrive, when a silo that was suspended is resumed; it is rejected then.
    /// </param>
    /// <remarks>
    /// A call that was forwarded to a silo which then died gets no answer at all. It is repeated after 10 s rather than Orleans' 30 s.
    /// </remarks>
    [Alias("apply"), ResponseTimeout("00:00:10")]
    Task<MessageOutcome[]> Apply(DeviceMessage[] messages, long call);

    /// <summary>The document as it is, or <see langword="null"/> if there is no such twin.</summary>
    [Alias("get")]
    Task<TwinView?> Get();

    /// <summary>Changes the document for an application, or for a device that speaks HTTP.</summary>
    [Alias("write")]
    Task<TwinWriteResult> Write(TwinWrite write);

    /// <summary>Deletes the twin. Its revision goes on from here should it be created again.</summary>
    [Alias("delete")]
    Task<TwinWriteResult> Delete(long? ifRevision);

    /// <summary>The device is there: it connected, subscribed, or resumed its session, on this link.</summary>
    /// <param name="attachment">Where, and what it listens to.</param>
    /// <param name="call">The number of this call, as of <see cref="Apply"/>; calls of one connection are compared.</param>
    [Alias("attach"), ResponseTimeout("00:00:10")]
    Task Attach(DeviceAttachment attachment, long call);

    /// <summary>The connection of the device has ended. Ignored if the device has attached elsewhere since, or on a later connection.</summary>
    /// <param name="source">The connection.</param>
    /// <param name="call">The number of this call, as of <see cref="Attach"/>.</param>
    [Alias("detach"), ResponseTimeout("00:00:10")]
    Task Detach(MessageSource source, long call);

    /// <summary>
    /// Something that the twin may depend on is gone, a silo for example: looks whether the device is still there, and
    /// hands over what waits.
    /// </summary>
    [Alias("wake")]
    Task Wake();

    /// <summary>Stores a command and hands it to the device.</summary>
    [Alias("command.send"), ResponseTimeout("00:00:30")]
    Task<CommandResult> SendCommand(CommandRequest request);

    /// <summary>
    /// The command, as soon as it is final, or as it is when <paramref name="wait"/> is over.
    /// </summary>
    /// <param name="commandId">Which command.</param>
    /// <param name="wait">How long to wait for its end: zero to 20 s (longer waits are cut; ask again).</param>
    [Alias("command.get"), ResponseTimeout("00:00:30")]
    Task<CommandResult> GetCommand(string commandId, TimeSpan wait);

    /// <summary>The commands that the twin still remembers, newest first; null if there is no such twin.</summary>
    [Alias("command.list")]
    Task<Command[]?> GetCommands();

    /// <summary>
    /// The device has acknowledged these commands (QoS 1): the gateway need not be asked to send them again. Where it
    /// comes late, the device may get a command twice, with the same id.
    /// </summary>
    [Alias("command.acknowledged")]
    Task CommandsAcknowledged(MessageSource source, string[] commandIds);

    /// <summary>Cancels a command that has no answer yet.</summary>
    [Alias("command.cancel")]
    Task<CommandResult> CancelCommand(string commandId);
}

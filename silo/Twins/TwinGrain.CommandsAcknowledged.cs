namespace Twins.Silo.Twins;

/// <summary>What gateways say of commands that are with their device.</summary>
internal sealed partial class TwinGrain
{
    /// <summary>A command is handed over once, so that there is nothing to be done about one that has arrived.</summary>
    public Task CommandsAcknowledged(string[] commandIds) => Task.CompletedTask;
}

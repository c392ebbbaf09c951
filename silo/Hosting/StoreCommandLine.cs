using Twins.Silo.Storage.Sqlite;

namespace Twins.Silo.Hosting;

/// <summary>The commands for the embedded store: <c>backup FILE</c>, <c>restore FILE</c>, and the switch <c>--recover</c> of a start.</summary>
/// <param name="Others">The arguments that are not about the store.</param>
/// <param name="Command"><c>backup</c> or <c>restore</c>; null to start the platform.</param>
/// <param name="File">The backup.</param>
/// <param name="Recovers">The start recovers a damaged store first.</param>
public sealed record StoreCommandLine(string[] Others, string? Command, string? File, bool Recovers)
{
    /// <summary>The switch of a start that recovers a damaged store.</summary>
    internal const string RecoverSwitch = "--recover";

    /// <summary>Separates the arguments about the store from the others.</summary>
    /// <exception cref="StartupRefusedException">A command lacks its file.</exception>
    public static StoreCommandLine Parse(string[] args)
    {
        if (args is [("backup" or "restore") and var command, .. var rest])
        {
            return rest is [var file, .. var others] && !file.StartsWith('-')
                ? new StoreCommandLine(others, command, file, Recovers: false)
                : throw new StartupRefusedException($"{command} needs the file of the backup, for example: {command} twins.backup.db");
        }

        return new StoreCommandLine([.. args.Where(arg => arg != RecoverSwitch)], Command: null, File: null, args.Contains(RecoverSwitch));
    }

    /// <summary>Does what the arguments say of the store.</summary>
    /// <returns>True if that was all, and the platform is not to be started.</returns>
    /// <exception cref="StartupRefusedException">It was not done.</exception>
    public async Task<bool> RunAsync(TwinsOptions options)
    {
        if (Command is null && !Recovers)
        {
            return false;
        }

        if (options.Store.Redis.Length > 0)
        {
            throw new StartupRefusedException("Twins:Store:Redis is set, and backup, restore and --recover are for the embedded store; use the tools of Redis (docs/operations/store.md).");
        }

        var store = new StoreMaintenance(options.Store);
        Console.WriteLine(Command switch
        {
            "backup" => await store.BackupAsync(File!),
            "restore" => await store.RestoreAsync(File!),
            _ => store.Recover(),
        });
        return Command is not null;
    }
}

using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Twins.Silo.Hosting;

namespace Twins.Silo.Storage.Sqlite;

/// <summary>What an operator does with the files of the embedded store: backup, restore, recovery.</summary>
/// <param name="options">The settings.</param>
internal sealed class StoreMaintenance(StoreOptions options)
{
    private readonly DataFolder _folder = new(Path.GetFullPath(options.DataDirectory));

    /// <summary>Copies the database as it is at this moment, while the platform may be running, and verifies the copy.</summary>
    /// <returns>What was done.</returns>
    /// <exception cref="StartupRefusedException">It was not done.</exception>
    public async Task<string> BackupAsync(string file)
    {
        var target = Path.GetFullPath(file);
        if (!File.Exists(_folder.Database))
        {
            throw new StartupRefusedException($"there is no database in {_folder.Path}; set Twins:Store:DataDirectory to the folder that the platform uses.");
        }

        if (File.Exists(target))
        {
            throw new StartupRefusedException($"{target} exists already; name a file that does not.");
        }

        var started = Stopwatch.GetTimestamp();
        var unfinished = target + ".unfinished";
        try
        {
            File.Delete(unfinished);
            DataFolder.CreateFile(unfinished);
            using (var session = SqliteSession.Open(_folder.Database, SqliteOpenMode.ReadWrite, cacheKiB: 8 * 1024))
            {
                SqliteSchema.CheckFormat(session, _folder.Database);
                session.Prepared("VACUUM INTO ?1").Bind(1, unfinished).Run();
            }

            var verification = await VerifyAsync(unfinished);
            File.Move(unfinished, target);
            return string.Create(
                CultureInfo.InvariantCulture,
                $"Backed up {verification.Existing:N0} twins to {target} ({new FileInfo(target).Length / 1024.0 / 1024:N1} MiB) in {Stopwatch.GetElapsedTime(started).TotalSeconds:N1} s.{Damaged(verification.DamagedTwins)}");
        }
        catch (Exception exception) when (exception is SqliteException or StoreDamagedException or IOException or UnauthorizedAccessException)
        {
            File.Delete(unfinished);
            throw new StartupRefusedException($"the backup was not made: {Reason(exception)}.", exception);
        }
    }

    /// <summary>Replaces the store by a backup; the platform must be stopped.</summary>
    /// <returns>What was done.</returns>
    /// <exception cref="StartupRefusedException">It was not done, and the store is as it was.</exception>
    public async Task<string> RestoreAsync(string file)
    {
        var source = Path.GetFullPath(file);
        if (!File.Exists(source))
        {
            throw new StartupRefusedException($"there is no backup {source}.");
        }

        using var directoryLock = DataDirectoryLock.Take(_folder.Path);
        _folder.Check();
        try
        {
            await VerifyAsync(source);
            var rebuild = new StoreRebuild(_folder, options.PageBytes);
            var damaged = new List<string>();
            using (var session = SqliteSession.Open(source, SqliteOpenMode.ReadOnly, cacheKiB: 8 * 1024))
            {
                SqliteSchema.CheckFormat(session, source);
                rebuild.Write(StoreRowReader.ReadAll(session, damaged), StoreTotals.Read(session).Commits);
            }

            var aside = rebuild.Replace("replaced");
            return string.Create(
                CultureInfo.InvariantCulture,
                $"Restored {rebuild.Twins:N0} twins from {source}.{Aside("The store as it was", aside)}{Damaged(damaged)}{Unreadable(rebuild)}");
        }
        catch (Exception exception) when (exception is SqliteException or StoreDamagedException or IOException or UnauthorizedAccessException)
        {
            throw new StartupRefusedException($"{source} was not restored: {Reason(exception)}.", exception);
        }
    }

    /// <summary>Builds a new database from the rows that can be read, and sets the damaged one aside; the platform must be stopped.</summary>
    /// <returns>What was done.</returns>
    /// <exception cref="StartupRefusedException">It was not done, and the store is as it was.</exception>
    public string Recover()
    {
        using var directoryLock = DataDirectoryLock.Take(_folder.Path);
        _folder.Check();
        if (!_folder.Files.Any(File.Exists))
        {
            throw new StartupRefusedException($"there is nothing to recover in {_folder.Path}; start without --recover.");
        }

        try
        {
            var carver = SqliteCarver.Read(_folder.Database, _folder.Database + "-wal");
            var rebuild = new StoreRebuild(_folder, options.PageBytes);
            rebuild.Write(carver.Rows, Math.Max(carver.Totals?.Commits ?? 0, NotedCommits()));
            var aside = rebuild.Replace("damaged");
            var lost = carver.Totals is { } totals
                ? string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, totals[SqliteTable.Twins].Rows - carver.Twins.Count):N0} twins are lost")
                : "how many twins are lost is not known";
            return string.Create(
                CultureInfo.InvariantCulture,
                $"Recovered {rebuild.Twins:N0} twins; {lost}. A recovered twin may be older than what was acknowledged.{Aside("The damaged store", aside)}{Unreadable(rebuild)}");
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new StartupRefusedException($"the store in {_folder.Path} was not recovered: {Reason(exception)}.", exception);
        }
    }

    private static async Task<SqliteVerification> VerifyAsync(string path)
    {
        var verification = new SqliteVerification(path);
        await foreach (var page in verification.RunAsync(CancellationToken.None))
        {
            _ = page;
        }

        return verification;
    }

    private long NotedCommits()
    {
        try
        {
            return CommitsFile.Read(_folder.Commits);
        }
        catch (StoreDamagedException)
        {
            return 0;
        }
    }

    private static string Reason(Exception exception) => (exception is SqliteException ? SqliteFaults.Of(exception).Message : exception.Message).TrimEnd('.');

    private static string Aside(string what, string? folder) => folder is null ? "" : $" {what} is in {folder}.";

    private static string Damaged(List<string> ids) => ids.Count == 0 ? "" : $" The rows of {ids.Count} twins are damaged, {ids[0]} among them.";

    private static string Unreadable(StoreRebuild rebuild) => rebuild.Unreadable == 0 ? "" : $" {rebuild.Unreadable} twins were left out: this version cannot read their format.";
}

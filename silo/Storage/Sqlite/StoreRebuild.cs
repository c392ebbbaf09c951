using System.Globalization;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Twins.Silo.Twins;

namespace Twins.Silo.Storage.Sqlite;

/// <summary>
/// Builds a new database from the rows of another one, and puts it in its place. The rows may be older than what was acknowledged, so
/// every revision and counter is raised by <see cref="TwinState.RevisionGap"/>: none is used twice.
/// </summary>
/// <param name="folder">The data folder, which the caller has locked.</param>
/// <param name="pageBytes">The page size of the new database.</param>
internal sealed class StoreRebuild(DataFolder folder, int pageBytes)
{
    private const int RowsPerCommit = 1000;

    private readonly string _unfinished = folder.In("twins.new");

    /// <summary>Gets the number of twins written that exist.</summary>
    public long Twins { get; private set; }

    /// <summary>Gets the number of twins whose state this version cannot read; they were left out.</summary>
    public long Unreadable { get; private set; }

    /// <summary>Writes all rows into the new database.</summary>
    public void Write(IEnumerable<StoreRow> source, long commits)
    {
        foreach (var file in new[] { _unfinished, _unfinished + "-wal", _unfinished + "-shm" })
        {
            File.Delete(file);
        }

        DataFolder.CreateFile(_unfinished);
        SqliteSchema.Create(_unfinished, pageBytes);
        using var session = SqliteSchema.OpenWriter(_unfinished, cacheKiB: 32 * 1024);
        var rows = new SqliteRows(session, StoreTotals.Read(session) with { Commits = commits });
        foreach (var page in source.Chunk(RowsPerCommit))
        {
            rows.Begin();
            Array.ForEach(page, row => Write(rows, row));
            rows.Commit();
        }

        rows.Begin();
        rows.Commit();
        Commits = rows.Totals.Commits;
        SqliteCheckpoints.Truncate(session);
    }

    /// <summary>Gets the commit number of the new database.</summary>
    public long Commits { get; private set; }

    /// <summary>
    /// Moves the files of the store into a folder of their own, and the new database to their place. A crash in between leaves a store
    /// that refuses to start, and never an older or an empty one.
    /// </summary>
    /// <param name="name">What the folder's name begins with.</param>
    /// <returns>The folder; null if there was nothing to move.</returns>
    public string? Replace(string name)
    {
        Sync(_unfinished);
        var existing = folder.Files.Where(file => file != folder.Commits && File.Exists(file)).ToArray();
        string? aside = null;
        if (existing.Length > 0)
        {
            aside = folder.In($"{name}-{DateTime.UtcNow.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}");
            DataFolder.Create(aside);
            if (File.Exists(folder.Commits))
            {
                File.Copy(folder.Commits, Path.Combine(aside, Path.GetFileName(folder.Commits)), overwrite: true);
            }
        }

        CommitsFile.Create(folder.Commits, Commits);
        foreach (var file in existing)
        {
            File.Move(file, Path.Combine(aside!, Path.GetFileName(file)), overwrite: true);
        }

        File.Move(_unfinished, folder.Database);
        folder.Protect();
        return aside;
    }

    private void Write(SqliteRows rows, StoreRow row)
    {
        switch (row)
        {
            case StoreRow.Twin twin:
                WriteTwin(rows, twin);
                break;
            case StoreRow.Session session:
                rows.PutSession(new StateWrite(StateKey.Session(session.Id), "", session.ETag, session.Data), session.Expires, now: long.MinValue);
                break;
            case StoreRow.DeadLetter letter:
                rows.AddDeadLetter(new StoredDeadLetter(letter.Id, letter.TwinId, letter.Data), int.MaxValue, int.MaxValue);
                break;
            case StoreRow.Member member:
                rows.AddMember(member.Set, member.Name);
                break;
            case StoreRow.Counter counter:
                rows.SetCounter(counter.Name, counter.Value + TwinState.RevisionGap);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(row), row, message: null);
        }
    }

    private void WriteTwin(SqliteRows rows, StoreRow.Twin twin)
    {
        TwinState state;
        try
        {
            state = TwinStateFormat.Read(twin.Data);
        }
        catch (Exception exception) when (exception is FormatException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            Unreadable++;
            return;
        }

        state = state with { Revision = state.Revision + TwinState.RevisionGap };
        rows.PutTwin(new StateWrite(StateKey.Twin(twin.Id), "", twin.ETag, TwinStateFormat.Write(state)) { Exists = twin.Exists, Revision = state.Revision });
        Twins += twin.Exists ? 1 : 0;
    }

    private static void Sync(string path)
    {
        using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(file);
    }
}

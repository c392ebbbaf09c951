using System.Globalization;
using System.Text;
using Twins.Contracts.Storage;
using Twins.Silo.Hosting;
using Twins.Silo.Storage;
using Twins.Silo.Storage.Sqlite;
using Xunit;

namespace Twins.Silo.Tests.Storage;

/// <summary>
/// Files of a store that was killed, damaged at random places. TWINS_DAMAGES is the number of damages of each kind of store (250 if it
/// is not set).
/// </summary>
public sealed class SqliteDamageTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Twins = 120;

    private static readonly int s_damages = int.Parse(Environment.GetEnvironmentVariable("TWINS_DAMAGES") ?? "250", CultureInfo.InvariantCulture);

    private readonly string _folder = Directory.CreateTempSubdirectory("twins-damage-").FullName;
    private readonly Dictionary<string, (long Revision, string? Data)> _model = new(StringComparer.Ordinal);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>Nearly everything is in the log, or nearly everything is in the database and the log holds the last changes.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Damage_is_never_served(bool checkpointed)
    {
        var (older, killed) = (Path.Combine(_folder, "older"), Path.Combine(_folder, "killed"));
        await FillAsync(older, killed, checkpointed);

        var (refused, damaged, harmless, failures) = (0, 0, 0, new List<string>());
        for (var seed = 0; seed < s_damages; seed++)
        {
            var random = new Random(seed);
            var folder = Path.Combine(_folder, "damaged");
            Copy(killed, folder);
            var what = Damage(folder, older, random);
            switch (await OutcomeAsync(folder))
            {
                case (Outcome.Refused, _): refused++; break;
                case (Outcome.TwinDamaged, _): damaged++; break;
                case (Outcome.Intact, _): harmless++; break;
                case (_, var wrong): failures.Add($"seed {seed}, {what}: {wrong}"); break;
            }

            Directory.Delete(folder, recursive: true);
        }

        output.WriteLine($"{s_damages} damages: {refused} refused, {damaged} with damaged twins, {harmless} without effect");
        Assert.Empty(failures);
        Assert.True(refused > s_damages / 4, $"only {refused} of {s_damages} were refused");
    }

    /// <summary>What recovery finds is what was once written, and its revisions are above all that were.</summary>
    [Fact]
    public async Task Recovery_keeps_intact_rows()
    {
        var (older, killed) = (Path.Combine(_folder, "older"), Path.Combine(_folder, "killed"));
        await FillAsync(older, killed, checkpointed: true);
        var failures = new List<string>();
        var recovered = 0;
        for (var seed = 0; seed < s_damages / 10; seed++)
        {
            var folder = Path.Combine(_folder, "damaged");
            Copy(killed, folder);
            var what = Damage(folder, older, new Random(seed));
            new StoreMaintenance(new StoreOptions { DataDirectory = folder }).Recover();
            await using (var store = Store(folder))
            {
                await store.OpenAsync();
                await VerifyAsync(store);
                foreach (var id in await store.ListTwinsAsync(null, int.MaxValue))
                {
                    recovered++;
                    var state = await store.ReadAsync(StateKey.Twin(id));
                    if (state is null || state.IsDamaged || state.Revision <= _model[id].Revision)
                    {
                        failures.Add($"seed {seed}, {what}: {id} is at {state?.Revision}, damaged {state?.IsDamaged}");
                    }
                }
            }

            Directory.Delete(folder, recursive: true);
        }

        Assert.Empty(failures);
        Assert.True(recovered > s_damages / 10 * Twins / 2, $"only {recovered} twins were recovered");
    }

    private static SqliteStateStore Store(string folder) => Stores.Sqlite(folder);

    private static async Task VerifyAsync(SqliteStateStore store)
    {
        await foreach (var page in store.VerifyAsync(TestContext.Current.CancellationToken))
        {
            _ = page;
        }
    }

    /// <summary>Makes the files of a store as <c>kill -9</c> leaves them, and an older copy of them.</summary>
    private async Task FillAsync(string older, string killed, bool checkpointed)
    {
        var live = Path.Combine(_folder, "live");
        var random = new Random(1);
        await using var store = Store(live);
        await store.OpenAsync();
        await VerifyAsync(store);
        var etags = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < Twins * 4; i++)
        {
            if (i == Twins * 2)
            {
                Copy(live, older);
                if (checkpointed)
                {
                    using var session = SqliteSchema.OpenWriter(Path.Combine(live, "twins.db"), cacheKiB: 64);
                    SqliteCheckpoints.Truncate(session);
                }
            }

            var id = $"t:{random.Next(Twins)}";
            var revision = _model.GetValueOrDefault(id).Revision + 1;
            var deletes = random.Next(12) == 0;
            var data = deletes ? $$"""{"format":1,"revision":{{revision}}}""" : Data(revision, random);
            var next = $"e{i}";
            Assert.True(await store.WriteAsync(new StateWrite(StateKey.Twin(id), etags.GetValueOrDefault(id, ""), next, Encoding.UTF8.GetBytes(data)) { Exists = !deletes, Revision = revision }));
            etags[id] = next;
            _model[id] = (revision, data);
            if (i % 20 == 0)
            {
                await store.AddToSetAsync("set", $"member-{i}");
                await store.IncrementAsync("counter");
                await store.AddDeadLetterAsync(new StoredDeadLetter($"{i:D5}", id, "{}"u8.ToArray()));
            }
        }

        Copy(live, killed);
    }

    /// <summary>From some bytes to several pages.</summary>
    private static string Data(long revision, Random random)
    {
        var text = new string((char)('a' + random.Next(26)), random.Next(10) == 0 ? random.Next(6000) : random.Next(900));
        return $$$"""{"format":1,"revision":{{{revision}}},"reported":{"v":{{{revision}}},"text":"{{{text}}}"},"connection":{"online":false},"createdAt":"2026-01-02T03:04:05Z","modifiedAt":"2026-01-02T03:04:05Z"}""";
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from).Where(file => !Path.GetFileName(file).StartsWith("lock", StringComparison.Ordinal)))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
        }
    }

    private static string Damage(string folder, string older, Random random)
    {
        string[] names = ["twins.db", "twins.db", "twins.db-wal", "twins.db-wal", "twins.commits"];
        var name = names[random.Next(names.Length)];
        var file = Path.Combine(folder, name);
        var bytes = File.ReadAllBytes(file);
        var at = random.Next(Math.Max(1, bytes.Length));
        switch (random.Next(7))
        {
            case 0 or 1:
                bytes[at] ^= (byte)(1 << random.Next(8));
                File.WriteAllBytes(file, bytes);
                return $"bit flip in {name} at {at}";
            case 2:
                bytes.AsSpan(at, Math.Min(64, bytes.Length - at)).Clear();
                File.WriteAllBytes(file, bytes);
                return $"64 zeros in {name} at {at}";
            case 3:
                at &= ~4095;
                bytes.AsSpan(at, Math.Min(4096, bytes.Length - at)).Clear();
                File.WriteAllBytes(file, bytes);
                return $"hole in {name} at {at}";
            case 4:
                File.WriteAllBytes(file, bytes[..at]);
                return $"{name} cut to {at} of {bytes.Length}";
            case 5:
                File.Delete(file);
                return $"{name} removed";
            default:
                File.Copy(Path.Combine(older, name), file, overwrite: true);
                return $"older copy of {name}";
        }
    }

    private async Task<(Outcome Outcome, string? Wrong)> OutcomeAsync(string folder)
    {
        await using var store = Store(folder);
        try
        {
            await store.OpenAsync();
            await VerifyAsync(store);
        }
        catch (StartupRefusedException)
        {
            return (Outcome.Refused, null);
        }

        var damaged = false;
        foreach (var (id, (revision, data)) in _model)
        {
            StoredState? state;
            try
            {
                state = await store.ReadAsync(StateKey.Twin(id));
            }
            catch (StoreException)
            {
                damaged = true;
                continue;
            }

            if (state is { IsDamaged: true })
            {
                damaged = true;
            }
            else if (state is null)
            {
                return (Outcome.Wrong, $"{id} is missing");
            }
            else if (state.Revision != revision || Encoding.UTF8.GetString(state.Data.Span) != data)
            {
                return (Outcome.Wrong, $"{id} is at {state.Revision}, not {revision}");
            }
        }

        return (damaged ? Outcome.TwinDamaged : Outcome.Intact, null);
    }

    private enum Outcome
    {
        Refused,
        TwinDamaged,
        Intact,
        Wrong,
    }
}

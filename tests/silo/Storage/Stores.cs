using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Twins.Silo.Hosting;
using Twins.Silo.Storage.Sqlite;
using Twins.Silo.Telemetry;

namespace Twins.Silo.Tests.Storage;

/// <summary>Stores without a silo.</summary>
internal static class Stores
{
    /// <summary>Returns an embedded store that is not open yet, in this folder.</summary>
    public static SqliteStateStore Sqlite(string folder, TimeProvider? time = null, Action<TwinsOptions>? configure = null)
    {
        var options = new TwinsOptions();
        options.Store.DataDirectory = folder;
        options.Store.FreeMiB = 0;
        options.Store.MemoryMiB = 4;
        configure?.Invoke(options);
        return new SqliteStateStore(Options.Create(options), new TwinsMetrics(new Meters()), time ?? TimeProvider.System, NullLogger<SqliteStateStore>.Instance);
    }

    private sealed class Meters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new(options);

        public void Dispose()
        {
        }
    }
}

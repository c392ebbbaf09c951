using System.Reflection;

namespace Twins.Silo.Hosting;

/// <summary>
/// Loads all assemblies that the process may need, beside its start. The runtime loads an assembly when code of it runs for the
/// first time; if the process has no file descriptors left at that moment, that code fails for as long as the process lives.
/// </summary>
/// <param name="logger">The log.</param>
internal sealed partial class AssemblyPreload(ILogger<AssemblyPreload> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(Load, stoppingToken);

    private void Load()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new Queue<Assembly>(AppDomain.CurrentDomain.GetAssemblies());
        while (waiting.TryDequeue(out var assembly))
        {
            foreach (var name in assembly.GetReferencedAssemblies().Where(name => seen.Add(name.FullName)))
            {
                try
                {
                    waiting.Enqueue(Assembly.Load(name));
                }
                catch (Exception exception) when (exception is IOException or BadImageFormatException)
                {
                    // Optional parts of packages are referenced and not there.
                    NotLoaded(name.Name ?? "", exception.Message);
                }
            }
        }
    }

    [LoggerMessage(LogEvents.AssemblyNotLoaded, LogLevel.Debug, "Failed to load assembly {Name} in advance: {Reason}")]
    private partial void NotLoaded(string name, string reason);
}

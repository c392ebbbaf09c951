using System.Reflection;

namespace Twins.Silo.Hosting;

/// <summary>
/// Loads, after the start, all assemblies that the process may need later. One that is first needed when no file can be opened ends
/// the process with "Out of memory.", or leaves a loop broken for good.
/// </summary>
internal sealed class AssemblyPreload : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() => Load(stoppingToken), stoppingToken);

    private static void Load(CancellationToken stopping)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new Queue<Assembly>(AppDomain.CurrentDomain.GetAssemblies());
        while (!stopping.IsCancellationRequested && waiting.TryDequeue(out var assembly))
        {
            foreach (var reference in assembly.GetReferencedAssemblies())
            {
                if (known.Add(reference.FullName) && TryLoad(reference) is { } loaded)
                {
                    waiting.Enqueue(loaded);
                }
            }
        }
    }

    private static Assembly? TryLoad(AssemblyName name)
    {
        try
        {
            return Assembly.Load(name);
        }
        catch (Exception exception) when (exception is IOException or BadImageFormatException)
        {
            // A reference that is not deployed, because nothing uses it.
            return null;
        }
    }
}

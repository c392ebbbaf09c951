using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Twins.Silo.Tests.Harness;

/// <summary>Keeps the lines that are logged.</summary>
internal sealed class RecordingLog<T> : ILogger<T>
{
    private readonly ConcurrentQueue<(int Event, string Line)> _lines = new();

    public string[] Lines(int eventId) => [.. _lines.Where(line => line.Event == eventId).Select(line => line.Line)];

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue((eventId.Id, formatter(state, exception)));
}

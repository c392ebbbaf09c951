namespace Twins.Contracts.Query.Matching;

/// <summary>The times at which the properties in one place of the document that was read last were written.</summary>
internal sealed class TimesSlot(DocumentReading reading)
{
    private long _latest;
    private long _readIn;

    /// <summary>The document that was read last.</summary>
    internal DocumentReading Reading => reading;

    /// <summary>Filters that look at it.</summary>
    internal int Uses { get; set; }

    /// <summary>Whether there are times and all of them are before this one, in Unix milliseconds.</summary>
    internal bool AreBefore(long time) => _readIn == reading.Number && _latest < time;

    /// <summary>Adds a time.</summary>
    internal void Add(long time)
    {
        _latest = _readIn == reading.Number ? Math.Max(_latest, time) : time;
        _readIn = reading.Number;
    }
}

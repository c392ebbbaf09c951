namespace Twins.Benchmarks.HotSpots;

/// <summary>What it was like for the rest, milliseconds.</summary>
/// <param name="Messages">How many messages were sent and acknowledged.</param>
/// <param name="PubAck">Publish to PUBACK, p99.</param>
/// <param name="Read">A twin over REST, p99.</param>
/// <param name="Page">A page of 25 twins over REST, p99.</param>
/// <param name="Worst">The longest from publish to PUBACK.</param>
/// <param name="Closed">How many connections were closed, and made again.</param>
/// <param name="Later">How many reads were answered 503, and made again.</param>
internal sealed record QuietTimes(long Messages, double PubAck, double Read, double Page, double Worst, int Closed, int Later)
{
    /// <summary>Its cells in a table.</summary>
    /// <param name="alone">What it was like without a hot spot.</param>
    /// <param name="hotRate">Messages a second of the hot spot.</param>
    public (string Column, double Value)[] Cells(QuietTimes alone, double hotRate) =>
    [
        ("messages", Messages),
        ("puback p99", PubAck),
        ("ratio", PubAck / alone.PubAck),
        ("max", Worst),
        ("closed", Closed),
        ("read p99", Read),
        ("read ratio", Read / alone.Read),
        ("page p99", Page),
        ("503", Later),
        ("hot msg/s", Math.Round(hotRate)),
    ];
}

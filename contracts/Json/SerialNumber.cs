namespace Twins.Contracts.Json;

/// <summary>
/// Serial number arithmetic (RFC 1982): orders the numbers of a counter that wraps, as long as two that are compared are less than half of
/// its values apart. A number is extended against the latest of its device: properties that were written long ago keep their place, though
/// the counter has wrapped since.
/// </summary>
public static class SerialNumber
{
    /// <summary>Extends the first number that is known of a counter: it leaves numbers below it for one that comes late.</summary>
    /// <param name="seq">The number. One that the counter cannot have is kept.</param>
    /// <param name="modulus">The number of values of the counter, 2 or more.</param>
    public static ulong First(ulong seq, ulong modulus) => seq < modulus ? modulus + seq : seq;

    /// <summary>
    /// Extends a number: above the latest if it is newer, which it is if <c>(seq - latest) mod modulus</c> is less than half of the modulus;
    /// else below.
    /// </summary>
    /// <param name="latest">The latest extended number; at least half of the modulus.</param>
    /// <param name="seq">The number.</param>
    /// <param name="modulus">The number of values of the counter, 2 or more.</param>
    public static ulong After(ulong latest, ulong seq, ulong modulus)
    {
        var ahead = ((seq % modulus) + modulus - (latest % modulus)) % modulus;
        return ahead < modulus - ahead || ahead == 0 ? latest + ahead : latest - (modulus - ahead);
    }
}

namespace Twins.Simulators.CommandLine;

/// <summary>What the process ends with.</summary>
internal static class ExitCodes
{
    /// <summary>All fine.</summary>
    public const int Fine = 0;

    /// <summary>Devices could not connect, acknowledgements are missing, or a twin is damaged.</summary>
    public const int Failed = 1;

    /// <summary>Wrong usage, a file that is wrong, or a platform that can not be asked.</summary>
    public const int BadUsage = 2;
}

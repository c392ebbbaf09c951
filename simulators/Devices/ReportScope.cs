namespace Twins.Simulators.Devices;

/// <summary>Which properties a report has.</summary>
internal enum ReportScope
{
    /// <summary>All, what it can be set to included: once for each connection.</summary>
    Whole,

    /// <summary>What it measures.</summary>
    Measured,

    /// <summary>What has moved beyond its dead band.</summary>
    Moved,
}

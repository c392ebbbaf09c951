namespace Twins.Simulators.Ledgers;

/// <summary>
/// The format of a ledger: one JSON object a line, each ended by a line feed.
/// </summary>
/// <remarks>
/// <code>
/// {"ledger":1,"broker":"mqtt://127.0.0.1:1883","seed":7,"plan":"pumps.yaml","started":"2026-01-31T09:00:00Z"}
/// {"n":1,"id":"sim:pump-1","epoch":1769850000000,"seq":1,"patch":{"flow":61.2}}
/// {"n":2,"id":"sim:pump-2","ts":"2026-01-31T09:00:01Z","patch":{"flow":12.9,"motor":{"rpm":null}}}
/// {"ack":1}
/// {"end":2}
/// </code>
/// A report stands in the file before it is sent for the first time, reports are numbered from 1 without gaps, and an
/// acknowledgement stands behind its report. <c>end</c> is written when the fleet has stopped and names the last report; a
/// ledger without it was cut off with its simulator. A last line without a line feed was torn then, and counts for nothing.
/// <c>epoch</c>, <c>seq</c> and <c>ts</c> are there where the report had them.
/// </remarks>
internal static class LedgerFormat
{
    public const int Version = 1;

    public const string VersionName = "ledger";
    public const string BrokerName = "broker";
    public const string SeedName = "seed";
    public const string PlanName = "plan";
    public const string StartedName = "started";
    public const string NumberName = "n";
    public const string TwinName = "id";
    public const string EpochName = "epoch";
    public const string SeqName = "seq";
    public const string TimeName = "ts";
    public const string PatchName = "patch";
    public const string AcknowledgedName = "ack";
    public const string EndName = "end";
}

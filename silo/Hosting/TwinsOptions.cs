namespace Twins.Silo.Hosting;

/// <summary>Everything under <c>Twins:</c> in the configuration; see <c>docs/settings.md</c>.</summary>
public sealed class TwinsOptions
{
    /// <summary>The configuration section these options are bound from.</summary>
    public const string Section = "Twins";

    /// <summary>Where twins are kept.</summary>
    public StoreOptions Store { get; set; } = new();

    /// <summary>How devices reach the platform.</summary>
    public MqttOptions Mqtt { get; set; } = new();

    /// <summary>How silos find one another.</summary>
    public TwinsClusterOptions Cluster { get; set; } = new();

    /// <summary>How the REST API runs.</summary>
    public ApiOptions Api { get; set; } = new();

    /// <summary>A page that shows what the cluster does.</summary>
    public DashboardOptions Dashboard { get; set; } = new();

    /// <summary>Who may connect.</summary>
    public SecurityOptions Security { get; set; } = new();

    /// <summary>What devices may do.</summary>
    public DevicesOptions Devices { get; set; } = new();

    /// <summary>Questions to all twins at once.</summary>
    public TwinsFleetOptions Fleet { get; set; } = new();

    /// <summary>How large a twin's document may be.</summary>
    public LimitsOptions Limits { get; set; } = new();

    /// <summary>How many dead letters are kept.</summary>
    public DeadLettersOptions DeadLetters { get; set; } = new();
}

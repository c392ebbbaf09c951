namespace Twins.Simulators.Views;

/// <summary>Shows a run while it lasts.</summary>
internal interface IFleetView
{
    /// <summary>Shows the run until the token is cancelled, which is the normal end.</summary>
    Task ShowAsync(FleetSource source, CancellationToken ended);
}

using Twins.Simulators.CommandLine;
using Twins.Simulators.Views;

return await Simulator.RunAsync(args, Surface.OfThisProcess(), CancellationToken.None);

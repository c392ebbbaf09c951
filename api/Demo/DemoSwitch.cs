using Twins.Silo.Hosting;

namespace Twins.Api.Demo;

/// <summary><c>--demo</c>: a switch without a value, which ordinary configuration would read as a key of the next one.</summary>
internal static class DemoSwitch
{
    /// <summary>The switch.</summary>
    public const string Switch = "--demo";

    /// <summary>Takes the switch out of the command line.</summary>
    public static (string[] Others, bool Demo) Take(string[] args)
    {
        var others = Array.FindAll(args, arg => arg != Switch);
        return (others, others.Length < args.Length);
    }

    /// <summary>Adds a small living fleet.</summary>
    /// <exception cref="StartupRefusedException">There is no gateway for it to connect to.</exception>
    public static void AddDemo(this WebApplicationBuilder builder, TwinsOptions options)
    {
        if (options.Api.Silo != ApiSiloMode.Embedded || !options.Mqtt.Gateway.Enabled || options.Mqtt.Gateway.Port == 0)
        {
            throw new StartupRefusedException("--demo needs the gateway of this process, without TLS, for its devices; leave --demo away, or leave Twins:Api:Silo and Twins:Mqtt:Gateway as they are by default.");
        }

        builder.Services.AddHostedService<DemoFleet>();
    }
}

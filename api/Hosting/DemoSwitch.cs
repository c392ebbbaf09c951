namespace Twins.Api.Hosting;

/// <summary><c>--demo</c>: a switch without a value, which ordinary configuration would read as a key of the next one.</summary>
internal static class DemoSwitch
{
    private const string Switch = "--demo";

    /// <summary>Takes the switch out of the command line.</summary>
    public static (string[] Others, bool Demo) Take(string[] args)
    {
        var others = Array.FindAll(args, arg => arg != Switch);
        return (others, others.Length < args.Length);
    }

    /// <summary>Adds what the demo shows.</summary>
    public static void AddDemo(this WebApplicationBuilder builder) =>
        builder.Configuration["Twins:Demo"] = "true";
}

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Twins.Silo.Hosting;

namespace Twins.Deploy.Tests;

/// <summary>Environment variables, read and checked as a program of the platform does at its start.</summary>
internal static class Settings
{
    /// <summary>Reads them; a name that is no setting, or a value that can not be, fails the test with the platform's sentence.</summary>
    public static TwinsOptions Read(IReadOnlyDictionary<string, string> environment)
    {
        var misspelt = environment.Keys.Where(name =>
            name.StartsWith("Twins", StringComparison.OrdinalIgnoreCase) && !name.StartsWith("Twins__", StringComparison.Ordinal));
        Assert.Empty(misspelt);

        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(environment.Select(variable => KeyValuePair.Create(
            variable.Key.Replace("__", ":", StringComparison.Ordinal), (string?)variable.Value)));
        return builder.AddTwinsOptions();
    }

    /// <summary>Closed by default: what listens beyond loopback has credentials, or a person has written <c>Everywhere</c>.</summary>
    public static void AreClosed(TwinsOptions options, string? urls)
    {
        var gateway = options.Mqtt.Gateway;
        Assert.True(
            options.Api.Silo == ApiSiloMode.Remote || !gateway.Enabled || gateway.Address == "127.0.0.1" || gateway.Users.Count > 0,
            "the gateway is open beyond loopback and has no users");
        Assert.True(
            urls is null || urls.Contains("127.0.0.1", StringComparison.Ordinal) || options.Security.Anonymous == AnonymousAccess.Everywhere,
            $"{urls} needs Twins__Security__Anonymous=Everywhere, or start-up refuses");
    }
}

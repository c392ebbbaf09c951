namespace Twins.Api.Hosting;

/// <summary>Where the API listens.</summary>
internal static class ListenAddress
{
    /// <summary>Loopback, unless <c>urls</c> says otherwise.</summary>
    private const string Default = "http://127.0.0.1:8080";

    /// <summary>
    /// Applies the default. Nothing but <c>urls</c> moves it: a container image that sets <c>HTTP_PORTS</c> for all
    /// its programs must not open this one to the network.
    /// </summary>
    public static void ListenOnLoopbackByDefault(this WebApplicationBuilder builder)
    {
        if (string.IsNullOrWhiteSpace(builder.Configuration[WebHostDefaults.ServerUrlsKey]))
        {
            builder.WebHost.UseUrls(Default);
        }
    }
}

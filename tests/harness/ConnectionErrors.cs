using System.Net.Sockets;

namespace Twins.Tests.Harness;

/// <summary>
/// Reports a connection that the server closed as soon as it was made like every other failed connection. HttpClient asks such
/// a socket for its remote address and lets the <see cref="SocketException"/> through.
/// </summary>
/// <param name="inner">Sends the request.</param>
public sealed class ConnectionErrors(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <summary>Sends requests with the default handler.</summary>
    public ConnectionErrors()
        : this(new SocketsHttpHandler())
    {
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (SocketException exception)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, exception.Message, exception);
        }
    }
}

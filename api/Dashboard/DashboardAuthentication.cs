using System.Diagnostics.CodeAnalysis;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Twins.Silo.Hosting;
using AuthenticationHeaderValue = System.Net.Http.Headers.AuthenticationHeaderValue;

namespace Twins.Api.Dashboard;

/// <summary>HTTP Basic authentication (RFC 7617) with the one user name and password of <c>Twins:Dashboard</c>.</summary>
[SuppressMessage("Performance", "CA1812", Justification = "ASP.NET Core makes it.")]
internal sealed partial class DashboardAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> schemes, ILoggerFactory loggers, UrlEncoder encoder, IOptions<TwinsOptions> options)
    : AuthenticationHandler<AuthenticationSchemeOptions>(schemes, loggers, encoder)
{
    /// <summary>The name of the scheme.</summary>
    public const string SchemeName = "Dashboard";

    /// <summary>Throws for what is not UTF-8, rather than comparing replacement characters.</summary>
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <inheritdoc/>
    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        // Elsewhere the header is none of its business: it may be meant for the proxy in front.
        if (Context.GetEndpoint()?.Metadata.GetMetadata<AuthorizationPolicy>() is null || Request.Headers.Authorization.Count == 0)
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        if (!AreRight(Request.Headers.Authorization))
        {
            // Never the name that was given: people type passwords into the wrong field.
            Refused(Logger, Context.Connection.RemoteIpAddress);
            return Task.FromResult(AuthenticateResult.Fail("the user name or the password is wrong"));
        }

        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, options.Value.Dashboard.Username)], SchemeName);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName)));
    }

    /// <inheritdoc/>
    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.WWWAuthenticate = "Basic realm=\"Twins dashboard\", charset=\"UTF-8\"";
        Response.Headers.CacheControl = "no-store";
        return Task.CompletedTask;
    }

    private bool AreRight(string? header)
    {
        if (!AuthenticationHeaderValue.TryParse(header, out var value) || !"Basic".Equals(value.Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        try
        {
            var given = Convert.FromBase64String(value.Parameter ?? "");
            _ = s_utf8.GetCharCount(given);
            var wanted = s_utf8.GetBytes($"{options.Value.Dashboard.Username}:{options.Value.Dashboard.Password}");

            // Of hashes, which are of equal length: how long it takes tells neither what was right nor how long it is.
            return CryptographicOperations.FixedTimeEquals(SHA256.HashData(given), SHA256.HashData(wanted));
        }
        catch (Exception exception) when (exception is FormatException or DecoderFallbackException)
        {
            return false;
        }
    }

    [LoggerMessage(ApiLogEvents.DashboardRefused, LogLevel.Warning, "Somebody at {Address} gave a wrong user name or password for the dashboard.")]
    private static partial void Refused(ILogger logger, System.Net.IPAddress? address);
}

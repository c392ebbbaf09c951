using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Orleans.Dashboard;
using Twins.Contracts;
using Twins.Api.Problems;

namespace Twins.Api.Dashboard;

/// <summary>Orleans' dashboard at <c>/dashboard</c>, behind its own user name and password.</summary>
internal static class DashboardRoutes
{
    /// <summary>Where it is.</summary>
    public const string Path = "/dashboard";

    /// <summary>Adds who may look.</summary>
    public static void AddDashboardDoor(this IServiceCollection services)
    {
        // The core of it: AddAuthentication brings keys for cookies along, which would be written to the user's home.
        services.AddAuthenticationCore();
        services.AddWebEncoders();
        new AuthenticationBuilder(services).AddScheme<AuthenticationSchemeOptions, DashboardAuthentication>(DashboardAuthentication.SchemeName, configureOptions: null);
        services.AddAuthorization();
        services.AddHostedService<DashboardNotice>();
    }

    /// <summary>Maps everything below <see cref="Path"/>. None of it is part of the API, so none of it is described.</summary>
    public static void MapDashboard(this WebApplication app)
    {
        // In this order behind what gives a refusal its body. Left to itself the framework puts both before everything.
        app.UseAuthentication();
        app.UseAuthorization();

        var policy = new AuthorizationPolicyBuilder(DashboardAuthentication.SchemeName).RequireAuthenticatedUser().Build();
        app.MapOrleansDashboard(Path).RequireAuthorization(policy).ExcludeFromDescription();

        // What is not there is not told without credentials either, nor which methods something takes.
        app.Map(Path + "/{**rest}", (string? rest, HttpContext http) =>
                new Problem(StatusCodes.Status404NotFound, "no-such-route", $"there is nothing at {http.Request.Path.ToUriComponent()}").ToResult())
            .RequireAuthorization(policy).ExcludeFromDescription();
    }
}

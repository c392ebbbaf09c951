using Twins.Silo.Hosting;

return await StartupRefusal.Guard(async () =>
{
    var builder = Host.CreateApplicationBuilder(args);
    var options = builder.AddTwinsOptions();
    builder.AddTwinsSilo(options);
    using var host = builder.Build();
    await host.RunAsync();
});

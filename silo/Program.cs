using Twins.Silo.Health;
using Twins.Silo.Hosting;

return await StartupRefusal.Guard(async () =>
{
    var store = StoreCommandLine.Parse(args);

    // The content root is where the program is, so that it finds its settings from whatever directory it is started.
    var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = store.Others, ContentRootPath = AppContext.BaseDirectory });
    var options = builder.AddTwinsOptions();
    if (await store.RunAsync(options))
    {
        return;
    }

    builder.AddHealthFront(options);
    builder.AddTwinsSilo(options);
    using var host = builder.Build();
    await host.OpenTwinsStoreAsync();
    host.SayWhenReady(options);
    await host.RunTwinsAsync();
});

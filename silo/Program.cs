using Twins.Silo.Health;
using Twins.Silo.Hosting;

return await StartupRefusal.Guard(async () =>
{
    var line = new HostCommandLine(
        "Twins.Silo", "A silo of Twins, without REST: twins, their store and the MQTT gateway.", "where health and metrics listen (http://127.0.0.1:8081)");
    if (HostCommandLine.AsksForUsage(args))
    {
        Console.WriteLine(line.Usage);
        return;
    }

    var store = StoreCommandLine.Parse(args);
    line.Check(store.Others);

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

using Twins.Api.Demo;
using Twins.Api.Hosting;
using Twins.Silo.Hosting;

return await StartupRefusal.Guard(async () =>
{
    if (HostCommandLine.AsksForUsage(args))
    {
        Console.WriteLine(ApiCommandLine.Line.Usage);
        return;
    }

    var store = StoreCommandLine.Parse(args);
    var (others, demo) = DemoSwitch.Take(store.Others);
    ApiCommandLine.Line.Check(others);

    // The content root is where the program is, so that it finds its settings from whatever directory it is started.
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = others, ContentRootPath = AppContext.BaseDirectory });
    var options = builder.AddTwinsOptions();
    if (await store.RunAsync(options))
    {
        return;
    }

    builder.UseFrontDoor(options);
    builder.AddTwinsCluster(options);
    builder.AddTwinsApi(options);
    if (demo)
    {
        builder.AddDemo(options);
    }

    await using var app = builder.Build();
    await app.OpenTwinsStoreAsync();
    app.UseTwinsApi(options);
    app.SayWhenReady(options);
    await app.RunTwinsAsync();
});

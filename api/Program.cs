using Twins.Api.Hosting;

var (others, demo) = DemoSwitch.Take(args);

// The content root is where the program is, so that it finds its settings from whatever directory it is started.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = others, ContentRootPath = AppContext.BaseDirectory });
builder.ListenOnLoopbackByDefault();
builder.AddTwinsCluster();
builder.AddTwinsApi();
if (demo)
{
    builder.AddDemo();
}

var app = builder.Build();
app.UseTwinsApi();
await app.RunAsync();

namespace Twins.Api.Tests.Fakes;

internal sealed partial class FakeTwin
{
    public Task CommandsAcknowledged(string[] commandIds) => Task.CompletedTask;
}

using Twins.Tests.Harness;

[assembly: AssemblyFixture(typeof(Platforms))]

using Xunit;

namespace Twins.Silo.Tests.Harness;

/// <summary>Tests that share one silo.</summary>
[CollectionDefinition("silo")]
public sealed class SiloCollection : ICollectionFixture<SiloFixture>;

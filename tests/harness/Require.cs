namespace Twins.Tests.Harness;

/// <summary>Skips a test that needs what is not on this machine.</summary>
public static class Require
{
    /// <summary>Skips unless all of these are installed.</summary>
    public static void Components(params Component[] components)
    {
        foreach (var component in components)
        {
            Assert.SkipWhen(component.Path is null, component.Missing);
        }
    }

    /// <summary>Skips unless the store's own server, if it has one, is installed.</summary>
    public static void StoreServer(Store store)
    {
        if (store == Store.Redis)
        {
            Components(Component.Redis);
        }
    }
}

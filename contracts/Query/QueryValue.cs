namespace Twins.Contracts.Query;

/// <summary>What a value is compared with.</summary>
public abstract record QueryValue
{
    private protected QueryValue()
    {
    }
}

namespace Twins.Contracts.Query;

/// <summary>How <see cref="CompareFilter"/> compares.</summary>
public enum CompareOperator
{
    /// <summary>Equal.</summary>
    Eq,

    /// <summary>Not equal, or not there.</summary>
    Ne,

    /// <summary>Greater.</summary>
    Gt,

    /// <summary>Greater or equal.</summary>
    Ge,

    /// <summary>Less.</summary>
    Lt,

    /// <summary>Less or equal.</summary>
    Le,
}

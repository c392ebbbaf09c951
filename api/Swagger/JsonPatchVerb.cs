namespace Twins.Api.Swagger;

/// <summary>What an operation of a JSON patch does.</summary>
internal enum JsonPatchVerb
{
    /// <summary>Puts a value there.</summary>
    Add,

    /// <summary>Removes what is there.</summary>
    Remove,

    /// <summary>Replaces what is there.</summary>
    Replace,

    /// <summary>Moves a value there.</summary>
    Move,

    /// <summary>Copies a value there.</summary>
    Copy,

    /// <summary>Fails the patch unless the value is there.</summary>
    Test,
}

namespace Twins.Simulators.Verification;

/// <summary>The platform can not be asked. The message names the address and the remedy.</summary>
internal sealed class ApiException(string message, Exception? innerException = null) : Exception(message, innerException);

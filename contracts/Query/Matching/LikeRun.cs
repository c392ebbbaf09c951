namespace Twins.Contracts.Query.Matching;

/// <summary>A part of a pattern without stars: characters that stand for themselves, and how many behind them may be any.</summary>
internal readonly record struct LikeRun(string Literal, int Ones);

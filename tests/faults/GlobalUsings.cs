global using Twins.Tests.Harness;

using System.Diagnostics;
using System.Reflection;
using RedisInfer.Errors;

namespace RedisInfer.Benchmarks.Hostile;

/// <summary>
/// Judges whether an error is a clear refusal: a <see cref="RedisInferException"/>, or an argument exception that the product itself has
/// thrown. An argument exception from the inside of the base class library or of a package is an accident.
/// </summary>
internal static class ErrorClarity
{
    // No sentence that says what and where is shorter.
    private const int ShortestMessage = 20;

    public static bool IsClear(Exception exception) =>
        exception.Message.Length >= ShortestMessage
        && exception switch
        {
            RedisInferException => true,
            ArgumentException => IsThrownByProduct(exception),
            _ => false,
        };

    /// <summary>The error on one line, with the first place of the product in its stack.</summary>
    public static string Describe(Exception exception)
    {
        MethodBase? place = Frames(exception).FirstOrDefault(IsOfProduct);
        return OneLine($"{exception.GetType().Name}: {exception.Message}"
            + (exception.InnerException is { } inner ? $" <- {inner.GetType().Name}: {inner.Message}" : "")
            + (place is null ? "" : $" (in {place.DeclaringType?.FullName}.{place.Name})"));
    }

    /// <summary>Makes one line of a text, and shortens it.</summary>
    public static string OneLine(string text)
    {
        string line = text.ReplaceLineEndings(" | ");
        line = string.Concat(line.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));
        return line.Length <= 600 ? line : line[..600] + "...";
    }

    // ArgumentOutOfRangeException.ThrowIfNegative and its like throw in the name of their caller.
    private static bool IsThrownByProduct(Exception exception) =>
        Frames(exception).FirstOrDefault(method => method.DeclaringType?.IsAssignableTo(typeof(ArgumentException)) != true) is { } method
        && IsOfProduct(method);

    private static bool IsOfProduct(MethodBase method) =>
        method.DeclaringType?.Assembly.GetName().Name is "RedisInfer" or "RedisInfer.Documents" or "RedisInfer.Garnet" or "RedisInfer.Extensions";

    private static IEnumerable<MethodBase> Frames(Exception exception) =>
        new StackTrace(exception).GetFrames().Select(frame => frame.GetMethod()).OfType<MethodBase>();
}

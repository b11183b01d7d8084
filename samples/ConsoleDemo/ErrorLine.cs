using Microsoft.Extensions.Options;
using RedisInfer.Errors;

namespace ConsoleDemo;

/// <summary>Turns what went wrong into one line on the error stream and an exit status.</summary>
internal static class ErrorLine
{
    public const int FailureStatus = 1;
    public const int UsageStatus = 2;

    /// <summary>What shells report for a program ended by Ctrl+C.</summary>
    public const int InterruptedStatus = 130;

    public static int Write(string message, int status = FailureStatus)
    {
        Console.Error.WriteLine("error: " + Printable.OneLine(message));
        return status;
    }

    /// <summary>Errors whose message is meant for a person; anything else is a defect, and is named as such.</summary>
    public static int Write(Exception exception) => exception switch
    {
        RedisInferException or OptionsValidationException or IOException or UnauthorizedAccessException => Write(exception.Message),
        _ => Write($"This is a defect in the demo or the library: {exception.GetType().Name}: {exception.Message} (--verbose shows more.)"),
    };
}

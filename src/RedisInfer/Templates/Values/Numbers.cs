using System.Globalization;

namespace RedisInfer.Templates.Values;

/// <summary>Numbers with Python's rules. Integers have 64 bits; one that needs more is an error.</summary>
internal static class Numbers
{
    private const string OutOfRange = "an integer has more than 64 bits";

    /// <summary>Whether a value is a number. <c>true</c> and <c>false</c> are 1 and 0.</summary>
    public static bool IsNumber(object? value) => value is long or double or bool;

    /// <summary>Reads an integer or a boolean.</summary>
    public static bool TryInteger(object? value, out long number)
    {
        number = value switch { long integer => integer, bool flag => flag ? 1 : 0, _ => 0 };
        return value is long or bool;
    }

    /// <summary>A number as a float.</summary>
    public static double ToDouble(object value) => value switch { double number => number, long number => number, bool flag => flag ? 1 : 0, _ => double.NaN };

    /// <summary>Compares two numbers. An order with NaN has no meaning; it is equal to nothing.</summary>
    public static int Compare(object left, object right)
    {
        if (TryInteger(left, out long a) && TryInteger(right, out long b))
            return a.CompareTo(b);
        double x = ToDouble(left), y = ToDouble(right);
        return x < y ? -1 : x == y ? 0 : 1;
    }

    /// <summary>Computes with two numbers.</summary>
    /// <exception cref="TemplateException">The operator does not take them, they are out of range, or the divisor is 0.</exception>
    public static object Compute(string op, object left, object right)
    {
        try
        {
            return TryInteger(left, out long a) && TryInteger(right, out long b)
                ? OfIntegers(op, a, b)
                : OfFloats(op, ToDouble(left), ToDouble(right));
        }
        catch (OverflowException)
        {
            throw new TemplateException(OutOfRange);
        }
    }

    /// <summary>Negates a number.</summary>
    public static object Negate(object value) => value is double number ? -number : Compute("-", 0L, value);

    /// <summary>The integer part of a float.</summary>
    public static long Truncate(double value) =>
        Math.Abs(value) < 9.2e18 ? (long)value : throw new TemplateException(double.IsNaN(value) ? "NaN is no integer" : OutOfRange);

    /// <summary>Reads an integer as Python's <c>int()</c> does.</summary>
    public static bool TryParseInteger(string text, int radix, out long number)
    {
        string digits = CodePoints.Strip(text, null, true, true).Replace("_", "", StringComparison.Ordinal);
        bool negative = digits.StartsWith('-');
        digits = digits.TrimStart('+', '-').ToLowerInvariant();
        string prefix = radix switch { 16 => "0x", 8 => "0o", 2 => "0b", _ => "" };
        digits = prefix.Length > 0 && digits.StartsWith(prefix, StringComparison.Ordinal) ? digits[2..] : digits;
        number = 0;
        foreach (char c in digits)
        {
            int digit = char.IsAsciiDigit(c) ? c - '0' : char.IsAsciiLetterLower(c) ? c - 'a' + 10 : int.MaxValue;
            if (digit >= radix)
                return false;
            number = number <= (long.MaxValue - digit) / radix ? (number * radix) + digit : throw new TemplateException(OutOfRange);
        }

        number = negative ? -number : number;
        return digits.Length > 0;
    }

    /// <summary>Reads a float as Python's <c>float()</c> does.</summary>
    public static bool TryParseFloat(string text, out double number)
    {
        string trimmed = CodePoints.Strip(text, null, true, true).Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();
        number = trimmed.TrimStart('+', '-') switch { "inf" or "infinity" => double.PositiveInfinity, "nan" => double.NaN, _ => 0 };
        if (number == 0)
            return double.TryParse(trimmed, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
        number = trimmed[0] == '-' ? -number : number;
        return true;
    }

    /// <summary>A float as Python's <c>repr</c> writes it: the shortest digits that read back as the same number.</summary>
    public static string ToText(double value)
    {
        if (!double.IsFinite(value))
            return double.IsNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        string scientific = value.ToString("E16", CultureInfo.InvariantCulture);
        string shortest = value.ToString("R", CultureInfo.InvariantCulture);
        int exponent = int.Parse(scientific.AsSpan(scientific.IndexOf('E') + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        string sign = shortest.StartsWith('-') ? "-" : "";
        int end = shortest.IndexOf('E');
        string digits = (end < 0 ? shortest : shortest[..end]).Replace(".", "", StringComparison.Ordinal).TrimStart('-').TrimStart('0').TrimEnd('0');
        if (digits.Length == 0)
            return sign + "0.0";

        // The shortest digits can round up to the next power of ten.
        if (end >= 0)
            exponent = int.Parse(shortest.AsSpan(end + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        if (exponent is < -4 or >= 16)
            return $"{sign}{digits[0]}{(digits.Length > 1 ? "." + digits[1..] : "")}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
        if (exponent < 0)
            return sign + "0." + new string('0', -exponent - 1) + digits;
        return digits.Length > exponent + 1
            ? $"{sign}{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}"
            : sign + digits.PadRight(exponent + 1, '0') + ".0";
    }

    /// <summary>A float with a number of decimals, rounded as Python does: exactly, and a tie to the even digit.</summary>
    public static string ToFixed(double value, int decimals)
    {
        if (!double.IsFinite(value))
            return ToText(value);

        // .NET writes all digits exactly if it is asked for enough of them. A tie has one digit 5 and then zeros.
        const int Extra = 60;
        string exact = value.ToString("F" + (decimals + Extra).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        string kept = exact[..^Extra].TrimEnd('.');
        ReadOnlySpan<char> rest = exact.AsSpan(exact.Length - Extra);
        bool isTie = rest[0] == '5' && rest[1..].IndexOfAnyExcept('0') < 0;
        bool up = rest[0] > '5' || (rest[0] == '5' && !isTie) || (isTie && (kept[^1] - '0') % 2 == 1);
        return up ? Increment(kept) : kept;
    }

    // Adds one to the last digit of a decimal number.
    private static string Increment(string number)
    {
        char[] digits = number.ToCharArray();
        for (int i = digits.Length - 1; i >= 0; i--)
        {
            if (!char.IsAsciiDigit(digits[i]))
                continue;
            if (digits[i] != '9')
            {
                digits[i]++;
                return new string(digits);
            }

            digits[i] = '0';
        }

        int sign = digits[0] == '-' ? 1 : 0;
        return number[..sign] + "1" + new string(digits, sign, digits.Length - sign);
    }

    private static object OfIntegers(string op, long a, long b) => op switch
    {
        "+" => checked(a + b),
        "-" => checked(a - b),
        "*" => checked(a * b),
        "/" => b == 0 ? throw DivisionByZero() : (double)a / b,
        "//" => b == 0 ? throw DivisionByZero() : FloorDivide(a, b),
        "%" => b == 0 ? throw DivisionByZero() : b == -1 ? 0L : FloorRemainder(a, b),
        "**" => b < 0 ? OfFloats(op, a, b) : Power(a, b),
        _ => throw Unknown(op),
    };

    private static long FloorDivide(long a, long b)
    {
        long quotient = checked(a / b);
        return (a % b != 0) && ((a < 0) != (b < 0)) ? quotient - 1 : quotient;
    }

    private static long FloorRemainder(long a, long b)
    {
        long remainder = a % b;
        return remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder;
    }

    private static long Power(long value, long exponent)
    {
        long result = 1;
        while (exponent > 0)
        {
            if ((exponent & 1) == 1)
                result = checked(result * value);
            exponent >>= 1;
            if (exponent > 0)
                value = checked(value * value);
        }

        return result;
    }

    private static object OfFloats(string op, double a, double b) => op switch
    {
        "+" => a + b,
        "-" => a - b,
        "*" => a * b,
        "/" => b == 0 ? throw DivisionByZero() : a / b,
        "//" => b == 0 ? throw DivisionByZero() : Math.Floor(a / b),
        "%" => b == 0 ? throw DivisionByZero() : a - (b * Math.Floor(a / b)),
        "**" => Math.Pow(a, b),
        _ => throw Unknown(op),
    };

    private static TemplateException DivisionByZero() => new("division by zero");

    private static TemplateException Unknown(string op) => new($"unknown operator '{op}'");
}

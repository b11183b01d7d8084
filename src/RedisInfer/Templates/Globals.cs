using RedisInfer.Templates.Values;

namespace RedisInfer.Templates;

/// <summary>The functions that every template can call.</summary>
internal static class Globals
{
    /// <summary>Adds them to a scope.</summary>
    /// <param name="scope">The outermost scope.</param>
    /// <param name="today">The date of <c>strftime_now</c>; called only if the template asks for it.</param>
    /// <param name="budget">Pays for what they make.</param>
    public static void AddTo(Scope scope, Func<DateTimeOffset> today, Budget budget)
    {
        Add("range", arguments => Range(arguments, budget));
        Add("dict", arguments => NewDict(arguments, budget));
        Add("namespace", arguments => NewNamespace(arguments, budget));
        Add("cycler", Cycler);
        Add("joiner", Joiner);
        Add("raise_exception", arguments => throw new TemplateException(ValueText.Str(arguments.As("message").Required("message"), budget)));
        Add("strftime_now", arguments => StrfTime.Write(arguments.As("format").Text("format"), today()));

        void Add(string name, Func<Arguments, object?> call) => scope.Set(name, new NativeFunction(call));
    }

    private static List<object?> Range(Arguments arguments, Budget budget)
    {
        bool isOne = arguments.Positional.Count == 1;
        arguments.As(isOne ? ["stop"] : ["start", "stop", "step"]);
        long start = isOne ? 0 : arguments.Integer("start"), stop = arguments.Integer("stop"), step = isOne ? 1 : arguments.Integer("step", 1);
        if (step == 0)
            throw new TemplateException("range() arg 3 must not be zero");
        Int128 span = step > 0 ? (Int128)stop - start : (Int128)start - stop;
        Int128 count = span <= 0 ? 0 : ((span - 1) / Int128.Abs(step)) + 1;
        budget.SpendItems(count > Budget.MaxSteps ? Budget.MaxSteps : (long)count);
        var numbers = new List<object?>((int)count);
        for (int i = 0; i < count; i++)
        {
            numbers.Add(start + (i * step));
        }

        return numbers;
    }

    private static TemplateDict NewDict(Arguments arguments, Budget budget)
    {
        var dict = new TemplateDict();
        Methods.Update(dict, arguments, budget);
        return dict;
    }

    private static TemplateNamespace NewNamespace(Arguments arguments, Budget budget)
    {
        var names = new TemplateNamespace();
        foreach ((object? key, object? value) in NewDict(arguments, budget).Items)
        {
            names.Names[ValueText.Str(key, budget)] = value;
        }

        return names;
    }

    private static TemplateNamespace Cycler(Arguments arguments)
    {
        if (arguments.Positional.Count == 0)
            throw new TemplateException("at least one item has to be provided");
        var names = new TemplateNamespace();
        int position = 0;
        names.Names["current"] = arguments.Positional[0];
        names.Names["next"] = new NativeFunction(_ =>
        {
            object? current = arguments.Positional[position];
            Move((position + 1) % arguments.Positional.Count);
            return current;
        });
        names.Names["reset"] = new NativeFunction(_ =>
        {
            Move(0);
            return null;
        });
        return names;

        void Move(int to)
        {
            position = to;
            names.Names["current"] = arguments.Positional[to];
        }
    }

    private static NativeFunction Joiner(Arguments arguments)
    {
        string separator = arguments.As("sep").Text("sep", ", ");
        bool used = false;
        return new NativeFunction(_ =>
        {
            bool isFirst = !used;
            used = true;
            return isFirst ? "" : separator;
        });
    }
}

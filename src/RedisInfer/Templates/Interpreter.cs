using System.Text;
using RedisInfer.Templates.Syntax;
using RedisInfer.Templates.Values;

namespace RedisInfer.Templates;

/// <summary>Runs a template once.</summary>
/// <param name="budget">What the run may use.</param>
internal sealed class Interpreter(Budget budget)
{
    private StringBuilder _output = new();
    private string _blockText = "";

    /// <summary>What the run may use.</summary>
    public Budget Budget => budget;

    /// <summary>Runs statements and gives what they print.</summary>
    public string Capture(IReadOnlyList<Statement> body, Scope scope)
    {
        StringBuilder outer = _output;
        _output = new StringBuilder();
        Run(body, scope);
        string text = _output.ToString();
        _output = outer;
        return text;
    }

    /// <summary>The value of an expression.</summary>
    /// <exception cref="TemplateException">It fails; with its line.</exception>
    public object? Evaluate(Expression expression, Scope scope)
    {
        budget.Enter();
        try
        {
            return Value(expression, scope);
        }
        catch (TemplateException error) when (error.Line == 0)
        {
            error.Line = expression.Line;
            throw;
        }
        finally
        {
            budget.Leave();
        }
    }

    /// <summary>A member of a value: a method, or the item with this key.</summary>
    public object? Member(object? target, string name)
    {
        if (target is Undefined undefined)
            throw undefined.Error();
        if (target is LoopState loop && loop.TryGet(name, out object? value))
            return value;
        if (target is TemplateNamespace names && names.Names.TryGetValue(name, out value))
            return value;
        if (target is TemplateTuple tuple && tuple.Names.ToList().IndexOf(name) is >= 0 and var position)
            return tuple.Items[position];
        if (target is Macro macro && name == "name")
            return macro.Name;
        return (object?)Methods.Find(target, name, budget) ?? (Subscript.TryGet(target, name, budget, out value) ? value : Missing(target, name));
    }

    /// <summary>An item of a value: the one with this key, or the method with this name.</summary>
    public object? ItemOf(object? target, object? key)
    {
        if (target is Undefined undefined)
            throw undefined.Error();
        if (key is not (List<object?> or TemplateDict) && Subscript.TryGet(target, key, budget, out object? value))
            return value;
        if (key is not string name)
            return Missing(target, ValueText.Repr(key, budget));
        return target is TemplateDict ? (object?)Methods.Find(target, name, budget) ?? Missing(target, name) : Member(target, name);
    }

    private static Undefined Missing(object? target, string name) => new($"'{ValueKinds.NameOf(target)} object' has no attribute '{name}'");

    private Flow Run(IReadOnlyList<Statement> body, Scope scope)
    {
        foreach (Statement statement in body)
        {
            budget.Enter();
            Flow flow;
            try
            {
                flow = Run(statement, scope);
            }
            catch (TemplateException error) when (error.Line == 0)
            {
                error.Line = statement.Line;
                throw;
            }

            budget.Leave();
            if (flow != Flow.Next)
                return flow;
        }

        return Flow.Next;
    }

    private Flow Run(Statement statement, Scope scope)
    {
        switch (statement)
        {
            case Statement.Text text:
                Print(text.Value);
                return Flow.Next;
            case Statement.Print print:
                Print(ValueText.Str(Evaluate(print.Value, scope), budget));
                return Flow.Next;
            case Statement.Set set:
                Assign(set.Target, Evaluate(set.Value, scope), scope);
                return Flow.Next;
            case Statement.SetBlock set:
                Assign(set.Target, Filtered(set.Filter, set.Body, scope), scope);
                return Flow.Next;
            case Statement.If condition:
                return Run(Branch(condition, scope), scope);
            case Statement.For loop:
                Loop(loop, Evaluate(loop.Items, scope), scope, depth: 0);
                return Flow.Next;
            case Statement.Macro macro:
                scope.Set(macro.Signature.Name, new Macro(macro.Signature, scope, this));
                return Flow.Next;
            case Statement.CallBlock call:
                Print(ValueText.Str(Call(call.Call, scope, new Macro(call.Caller, scope, this)), budget));
                return Flow.Next;
            case Statement.FilterBlock filter:
                Print(ValueText.Str(Filtered(filter.Filter, filter.Body, new Scope(scope)), budget));
                return Flow.Next;
            case Statement.With with:
                return RunWith(with, scope);
            case Statement.Do action:
                Evaluate(action.Value, scope);
                return Flow.Next;
            default:
                return ((Statement.Leave)statement).Continues ? Flow.Continue : Flow.Break;
        }
    }

    private void Print(string text)
    {
        budget.SpendText(text.Length);
        _output.Append(text);
    }

    private IReadOnlyList<Statement> Branch(Statement.If condition, Scope scope)
    {
        foreach ((Expression test, IReadOnlyList<Statement> body) in condition.Branches)
        {
            if (ValueKinds.IsTrue(Evaluate(test, scope)))
                return body;
        }

        return condition.Otherwise;
    }

    private object? Filtered(Expression filter, IReadOnlyList<Statement> body, Scope scope)
    {
        string text = Capture(body, new Scope(scope));
        string outer = _blockText;
        _blockText = text;
        object? value = Evaluate(filter, scope);
        _blockText = outer;
        return value;
    }

    private Flow RunWith(Statement.With with, Scope scope)
    {
        var inner = new Scope(scope);
        foreach ((Expression target, Expression value) in with.Values)
        {
            Assign(target, Evaluate(value, scope), inner);
        }

        return Run(with.Body, inner);
    }

    private void Loop(Statement.For loop, object? iterable, Scope scope, int depth)
    {
        IReadOnlyList<object?> items = ValueKinds.Items(iterable, budget);
        if (loop.Test is { } test)
        {
            items = [.. items.Where(item =>
            {
                var inner = new Scope(scope);
                Assign(loop.Target, item, inner);
                return ValueKinds.IsTrue(Evaluate(test, inner));
            })];
        }

        var state = new LoopState(items, depth, loop.IsRecursive ? Again : null, budget);
        for (int i = 0; i < items.Count; i++)
        {
            state.Index = i;
            var inner = new Scope(scope);
            inner.Set("loop", state);
            Assign(loop.Target, items[i], inner);
            if (Run(loop.Body, inner) == Flow.Break)
                break;
        }

        if (items.Count == 0)
            Run(loop.Otherwise, new Scope(scope));

        string Again(object? others)
        {
            StringBuilder outer = _output;
            _output = new StringBuilder();
            Loop(loop, others, scope, depth + 1);
            string text = _output.ToString();
            _output = outer;
            return text;
        }
    }

    private void Assign(Expression target, object? value, Scope scope)
    {
        switch (target)
        {
            case Expression.Name name:
                scope.Set(name.Text, value);
                break;
            case Expression.Attribute member:
                if (Evaluate(member.Target, scope) is not TemplateNamespace names)
                    throw new TemplateException("cannot assign attribute on non-namespace object");
                names.Names[member.Member] = value;
                break;
            case Expression.Tuple tuple:
                IReadOnlyList<object?> items = ValueKinds.Items(value, budget);
                if (items.Count != tuple.Items.Count)
                    throw new TemplateException($"cannot unpack {items.Count} values to {tuple.Items.Count} names");
                for (int i = 0; i < items.Count; i++)
                {
                    Assign(tuple.Items[i], items[i], scope);
                }

                break;
        }
    }

    private object? Value(Expression expression, Scope scope)
    {
        switch (expression)
        {
            case Expression.Constant constant:
                return constant.Value;
            case Expression.Name name:
                return scope.Get(name.Text, budget);
            case Expression.Attribute member:
                return Member(Evaluate(member.Target, scope), member.Member);
            case Expression.Item item:
                return ItemOf(Evaluate(item.Target, scope), Evaluate(item.Index, scope));
            case Expression.Slice slice:
                return Subscript.Slice(
                    Evaluate(slice.Target, scope), Optional(slice.Start, scope), Optional(slice.Stop, scope), Optional(slice.Step, scope), budget);
            case Expression.Call call:
                return Call(call, scope, caller: null);
            case Expression.Filter filter:
                return Filters.Apply(filter.FilterName, Evaluate(filter.Target, scope), ArgumentsOf(filter.FilterName, filter.Arguments, scope), this);
            case Expression.Test test:
                return Tests.Apply(test.TestName, Evaluate(test.Target, scope), ArgumentsOf(test.TestName, test.Arguments, scope), budget);
            case Expression.Not not:
                return !ValueKinds.IsTrue(Evaluate(not.Operand, scope));
            case Expression.Sign sign:
                return Signed(sign.Negative, Evaluate(sign.Operand, scope));
            case Expression.Binary binary:
                return Operators.Compute(binary.Operator, Evaluate(binary.Left, scope), Evaluate(binary.Right, scope), budget);
            case Expression.Logic logic:
                object? left = Evaluate(logic.Left, scope);
                return ValueKinds.IsTrue(left) == logic.IsAnd ? Evaluate(logic.Right, scope) : left;
            case Expression.Compare compare:
                return Compare(compare, scope);
            case Expression.Concat concat:
                return Operators.Concat(budget, [.. concat.Items.Select(item => ValueText.Str(Evaluate(item, scope), budget))]);
            case Expression.Condition condition:
                return ValueKinds.IsTrue(Evaluate(condition.If, scope)) ? Evaluate(condition.Then, scope)
                    : condition.Otherwise is not null ? Evaluate(condition.Otherwise, scope)
                    : new Undefined("the inline if-expression evaluated to false and no else section was defined");
            case Expression.BlockText:
                return _blockText;
            default:
                return Container(expression, scope);
        }
    }

    private object Container(Expression expression, Scope scope)
    {
        if (expression is not Expression.Dict literal)
        {
            IReadOnlyList<Expression> items = expression is Expression.ListOf list ? list.Items : ((Expression.Tuple)expression).Items;
            budget.SpendItems(items.Count);
            object?[] values = [.. items.Select(item => Evaluate(item, scope))];
            return expression is Expression.ListOf ? new List<object?>(values) : new TemplateTuple(values);
        }

        budget.SpendItems(literal.Items.Count);
        var dict = new TemplateDict();
        foreach ((Expression key, Expression value) in literal.Items)
        {
            dict.Set(Evaluate(key, scope), Evaluate(value, scope), budget);
        }

        return dict;
    }

    private object? Optional(Expression? expression, Scope scope) => expression is null ? null : Evaluate(expression, scope);

    private static object? Signed(bool negative, object? value)
    {
        if (value is Undefined undefined)
            throw undefined.Error();
        if (!Numbers.IsNumber(value))
            throw new TemplateException($"bad operand type for unary {(negative ? '-' : '+')}: '{ValueKinds.NameOf(value)}'");
        return negative ? Numbers.Negate(value!) : Numbers.TryInteger(value, out long number) ? number : value;
    }

    private bool Compare(Expression.Compare compare, Scope scope)
    {
        object? left = Evaluate(compare.First, scope);
        foreach ((string op, Expression operand) in compare.Rest)
        {
            object? right = Evaluate(operand, scope);
            if (!IsTrue(op, left, right))
                return false;
            left = right;
        }

        return true;
    }

    private bool IsTrue(string op, object? left, object? right) => op switch
    {
        "==" => Comparison.AreEqual(left, right, budget),
        "!=" => !Comparison.AreEqual(left, right, budget),
        "in" => Comparison.Contains(right, left, budget),
        "not in" => !Comparison.Contains(right, left, budget),
        _ when Numbers.IsNumber(left) && Numbers.IsNumber(right) && (double.IsNaN(Numbers.ToDouble(left!)) || double.IsNaN(Numbers.ToDouble(right!))) => false,
        "<" => Comparison.Compare(op, left, right, budget) < 0,
        "<=" => Comparison.Compare(op, left, right, budget) <= 0,
        ">" => Comparison.Compare(op, left, right, budget) > 0,
        _ => Comparison.Compare(op, left, right, budget) >= 0,
    };

    private object? Call(Expression.Call call, Scope scope, Macro? caller)
    {
        object? function = Evaluate(call.Function, scope);
        if (function is Undefined undefined)
            throw undefined.Error();
        if (function is not ITemplateCallable callable)
            throw new TemplateException($"'{ValueKinds.NameOf(function)}' object is not callable");
        string name = call.Function switch { Expression.Name named => named.Text, Expression.Attribute member => member.Member, _ => "the function" };
        Arguments arguments = ArgumentsOf(name, call.Arguments, scope);
        if (caller is not null)
            arguments = arguments with { Named = new Dictionary<string, object?>(arguments.Named) { ["caller"] = caller } };
        return callable.Call(arguments);
    }

    private Arguments ArgumentsOf(string function, CallArguments written, Scope scope)
    {
        if (ReferenceEquals(written, CallArguments.None))
            return new Arguments(function, [], Arguments.NoNames);
        List<object?> positional = [.. written.Positional.Select(argument => Evaluate(argument, scope))];
        if (written.Spread is not null)
            positional.AddRange(ValueKinds.Items(Evaluate(written.Spread, scope), budget));
        var named = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
        foreach ((string name, Expression value) in written.Named)
        {
            if (!named.TryAdd(name, Evaluate(value, scope)))
                throw new TemplateException($"keyword argument repeated: {name}");
        }

        object? more = Optional(written.NamedSpread, scope);
        foreach ((object? key, object? value) in more is null ? [] : (more as TemplateDict ?? throw new TemplateException("argument after ** must be a mapping")).Items)
        {
            if (key is not string name || !named.TryAdd(name, value))
                throw new TemplateException($"{function} got multiple values for keyword argument");
        }

        return new Arguments(function, positional, named);
    }
}

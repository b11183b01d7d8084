using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using RedisInfer.Llama.Binding;
using RedisInfer.Llama.Interop;

namespace RedisInfer.Tests.Integration.Llama;

/// <summary>Compares our declarations with what the C compiler reads from llama.cpp's headers.</summary>
public sealed class LlamaDeclarationTests
{
    private static readonly Type[] Structs =
    [
        typeof(llama_model_params), typeof(llama_context_params), typeof(llama_batch),
        typeof(llama_sampler_chain_params), typeof(ggml_threadpool_params),
    ];

    [Fact]
    public void StructsLieAsTheCompilerLaysThem()
    {
        var program = new StringBuilder("#include <stdio.h>\n#include <stddef.h>\n#include \"llama.h\"\nint main(void) {\n");
        var expected = new StringBuilder();
        foreach (Type type in Structs.Append(typeof(llama_model_kv_override)))
        {
            string name = type.Name;
            program.Append(CultureInfo.InvariantCulture, $"printf(\"{name} %zu\\n\", sizeof(struct {name}));\n");
            expected.Append(CultureInfo.InvariantCulture, $"{name} {Marshal.SizeOf(type)}\n");
            foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            {
                program.Append(
                    CultureInfo.InvariantCulture,
                    $"printf(\"{name}.{field.Name} %zu %zu\\n\", offsetof(struct {name}, {field.Name}), sizeof(((struct {name} *)0)->{field.Name}));\n");
                expected.Append(
                    CultureInfo.InvariantCulture, $"{name}.{field.Name} {Marshal.OffsetOf(type, field.Name)} {SizeOf(field.FieldType)}\n");
            }
        }

        string found = CCompiler.Run(program.Append("return 0; }\n").ToString());

        Assert.Equal(expected.ToString(), found);
    }

    [Fact]
    public void StructsHaveAllFieldsOfTheHeaders()
    {
        // Fields of equal size could hide a missing field. It would leave a gap, and only alignment may leave gaps.
        foreach (Type type in Structs)
        {
            int end = 0;
            foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            {
                int size = SizeOf(field.FieldType);
                Assert.Equal((end + size - 1) / size * size, (int)Marshal.OffsetOf(type, field.Name));
                end = (int)Marshal.OffsetOf(type, field.Name) + size;
            }

            Assert.InRange(Marshal.SizeOf(type) - end, 0, 7);
        }
    }

    [Fact]
    public void ConstantsHaveTheValuesOfTheHeaders()
    {
        FieldInfo[] constants =
        [
            .. typeof(LlamaConstants).GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
                .Where(field => field.Name.Contains('_', StringComparison.Ordinal)),
        ];
        Assert.NotEmpty(constants);
        string prints = string.Concat(constants.Select(c => $"printf(\"{c.Name} %lld\\n\", (long long){c.Name});\n"));

        string found = CCompiler.Run("#include <stdio.h>\n#include \"llama.h\"\nint main(void) {\n" + prints + "return 0; }\n");

        Assert.Equal(
            string.Concat(constants.Select(c => FormattableString.Invariant($"{c.Name} {Convert.ToInt64(c.GetRawConstantValue(), CultureInfo.InvariantCulture)}\n"))),
            found);
    }

    [Fact]
    public void EveryFunctionTakesAsManyArgumentsAsInTheHeader()
    {
        // A call with too many or too few arguments does not compile. The casts of zeros compare the arguments' sizes.
        var program = new StringBuilder("#include <string.h>\n#include \"llama.h\"\nvoid check(void) {\n");
        foreach (MethodInfo method in Imports())
        {
            IEnumerable<string> arguments = method.GetParameters().Select(p => p.ParameterType.Name switch
            {
                nameof(llama_batch) or nameof(llama_context_params) or nameof(llama_model_params) or nameof(llama_sampler_chain_params)
                    => $"(struct {p.ParameterType.Name}){{0}}",
                _ => "0",
            });
            program.Append(CultureInfo.InvariantCulture, $"(void){method.Name}({string.Join(", ", arguments)});\n");
            if (method.ReturnType != typeof(void))
            {
                program.Append(
                    CultureInfo.InvariantCulture,
                    $"_Static_assert(sizeof({method.Name}({string.Join(", ", arguments)})) == {SizeOf(method.ReturnType)}, \"{method.Name}\");\n");
            }
        }

        CCompiler.CheckCompiles(program.Append("}\n").ToString());
    }

    [Fact]
    public void ListOfExportsHoldsEveryImport()
    {
        Assert.Equal(Imports().Select(m => m.Name).Order(StringComparer.Ordinal), LlamaNative.Exports.ToArray().Order(StringComparer.Ordinal));
    }

    private static IEnumerable<MethodInfo> Imports() =>
        typeof(LlamaNative).GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            .Where(m => m.Name.StartsWith("llama_", StringComparison.Ordinal));

    private static int SizeOf(Type type) =>
        type.IsPointer || type.IsFunctionPointer || type.IsUnmanagedFunctionPointer || type == typeof(nint) || type == typeof(nuint)
            ? IntPtr.Size
            : Marshal.SizeOf(type);
}

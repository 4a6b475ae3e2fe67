"""Checks of what sam build made: its size, the jars it must have and no others, the licences of those, and versions that
must not come back."""

import hashlib
import io
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LARGEST = 20 * 1000 * 1000

# Jars without a licence in them: what their published POMs say.
LICENCES = {
    "io.burt.jmespath-": "BSD-3-Clause",
    "org.reactivestreams.reactive-streams-": "MIT-0",
    "software.amazon.cloudwatchlogs.aws-embedded-metrics-": "Apache-2.0",
    "org.jspecify.jspecify": "Apache-2.0",
    "gg.jte.jte-runtime": "Apache-2.0",
    "software.amazon.lambda.powertools": "MIT-0",
    "software.amazon.awssdk.": "Apache-2.0",
    "com.amazonaws.aws-lambda-java": "Apache-2.0",
}

# What is older has published vulnerabilities. Advisories are not to be had offline: this is what they said on 2026-11-25.
MENDED_IN = {
    "com.fasterxml.jackson.core.jackson-core-": (2, 21, 8),
    "com.fasterxml.jackson.core.jackson-databind-": (2, 21, 8),
}


def vulnerable(jars):
    faults = []
    for jar in sorted(jars):
        for prefix, mended in MENDED_IN.items():
            version = re.search(r"-(\d+)\.(\d+)\.(\d+)\.jar$", jar)
            if jar.startswith(prefix) and (not version or tuple(map(int, version.groups())) < mended):
                faults.append(f"{jar} has published vulnerabilities, mended in {'.'.join(map(str, mended))}")
    return faults


def zipped(folder):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, file.relative_to(folder))
    return buffer.tell()


def resolved():
    """The jars of a resolve without test dependencies, named as SAM names them."""
    with tempfile.TemporaryDirectory() as folder:
        listing = Path(folder) / "list"
        subprocess.run(
            ["mvn", "-B", "-q", "-ntp", "dependency:list", "-DincludeScope=runtime", "-DoutputFile=" + str(listing)],
            cwd=ROOT, check=True, stdin=subprocess.DEVNULL)
        found = re.findall(r"^\s+([^:\s]+):([^:]+):jar:([^:]+):(?:compile|runtime)", listing.read_text(), re.MULTILINE)
    return {f"{group}.{name}-{version}.jar" for group, name, version in found}


def licence(jar):
    with zipfile.ZipFile(jar) as archive:
        names = archive.namelist()
        if any(re.search(r"(^|/)(LICENSE|LICENCE|about\.html)", name, re.IGNORECASE) for name in names):
            return "in the jar"
        manifest = archive.read("META-INF/MANIFEST.MF").decode() if "META-INF/MANIFEST.MF" in names else ""
        if "Bundle-License:" in manifest:
            return "in the manifest"
        for name in names:
            if name.startswith("META-INF/maven/") and name.endswith("pom.xml") and b"<license>" in archive.read(name):
                return "in the POM"
    return next((said for prefix, said in LICENCES.items() if jar.name.startswith(prefix)), None)


def digest(folder):
    whole = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            whole.update(str(file.relative_to(folder)).encode() + file.read_bytes())
    return whole.hexdigest()


def main(build):
    faults = []
    functions = [build / "SettingsFunction", build / "WatchFunction", build / "PageFunction"]
    size = zipped(functions[0])
    print(f"artifact: {size / 1e6:.1f} MB zipped, {len(list((functions[0] / 'lib').iterdir()))} jars")
    if size > LARGEST:
        faults.append(f"the artifact has {size} bytes zipped, {LARGEST} are allowed")
    if len({digest(function) for function in functions}) != 1:
        faults.append("the functions were built differently")
    built = {jar.name for jar in (functions[0] / "lib").glob("*.jar")}
    wanted = resolved()
    faults += [f"{jar} is in the artifact and no runtime dependency" for jar in sorted(built - wanted)]
    faults += [f"{jar} is a runtime dependency and not in the artifact" for jar in sorted(wanted - built)]
    faults += [f"{jar.name} says no licence" for jar in sorted((functions[0] / "lib").glob("*.jar")) if not licence(jar)]
    faults += vulnerable(built)
    if len(vulnerable({"com.fasterxml.jackson.core.jackson-databind-2.21.2.jar", "com.fasterxml.jackson.core.jackson-core-2.21.8.jar"})) != 1:
        faults.append("the check of versions does not find the planted one")
    faults += [f"no jar is {prefix}*: the check of versions misses it" for prefix in MENDED_IN if not any(jar.startswith(prefix) for jar in built)]
    for handler in re.findall(r"Handler: ([\w.]+)::", (ROOT / "template.yaml").read_text()):
        if not (functions[0] / (handler.replace(".", "/") + ".class")).is_file():
            faults.append(f"the handler {handler} is not in the artifact")
    for fault in faults:
        print(f"FAILED  {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))

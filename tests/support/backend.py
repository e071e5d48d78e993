import os, pathlib, sys, zipfile

MODULE = "_ext.pyd" if sys.platform == "win32" else "_ext.abi3.so"

def build_wheel(wheel_directory, config_settings=None, metadata_directory=None, editable=False):
    for line in pathlib.Path("../writes").read_text().split():
        path = pathlib.Path(line.lstrip("?"))
        if line.startswith("?") and path.exists():
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("version = 4\n")
    pyproject = pathlib.Path("pyproject.toml").read_text()
    name, version = (pyproject.split(field + ' = "')[1].split('"')[0] for field in ["name", "version"])
    with open("../builds", "a") as log:
        log.write(name + "\n")
    source = pathlib.Path("src/lib.rs")
    text = source.read_text() if source.is_file() else ""
    files = {"stub_of_" + name + ".py": "TEXT = " + repr(text)}
    package = pathlib.Path("python/ext")
    if 'module-name = "ext._ext"' in pyproject and editable:
        package.mkdir(parents=True, exist_ok=True)
        (package / MODULE).unlink(missing_ok=True)
        (package / MODULE).write_text(text)
        files["ext.pth"] = str(package.parent.absolute())
    elif 'module-name = "ext._ext"' in pyproject:
        files.update({"ext/" + file.name: file.read_text() for file in package.glob("*.py")})
        files["ext/" + MODULE] = text
    info = name + "-" + version + ".dist-info/"
    files[info + "METADATA"] = "Metadata-Version: 2.1\nName: " + name + "\nVersion: " + version + "\n"
    files[info + "WHEEL"] = "Wheel-Version: 1.0\nGenerator: stub\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files[info + "RECORD"] = "".join(file + ",,\n" for file in [*files, info + "RECORD"])
    wheel_name = name + "-" + version + "-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(wheel_directory, wheel_name), "w") as wheel:
        for file, text in files.items():
            wheel.writestr(file, text)
    return wheel_name

def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    return build_wheel(wheel_directory, editable=True)

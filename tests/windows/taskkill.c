/* `taskkill /T /F /PID <process>` as Windows has it: that of wine knows no /T. Beside the program that calls it. */
#include <stdlib.h>
#include <windows.h>
#include <tlhelp32.h>

static void end(DWORD process) {
    PROCESSENTRY32 entry = { .dwSize = sizeof entry };
    HANDLE all = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
    for (BOOL more = Process32First(all, &entry); more; more = Process32Next(all, &entry))
        if (entry.th32ParentProcessID == process && entry.th32ProcessID != process) end(entry.th32ProcessID);
    CloseHandle(all);
    HANDLE handle = OpenProcess(PROCESS_TERMINATE, FALSE, process);
    TerminateProcess(handle, 1);
    CloseHandle(handle);
}

int main(int count, char **arguments) {
    if (count != 5 || strcmp(arguments[1], "/T") || strcmp(arguments[2], "/F") || strcmp(arguments[3], "/PID")) return 1;
    end(strtoul(arguments[4], NULL, 10));
    return 0;
}

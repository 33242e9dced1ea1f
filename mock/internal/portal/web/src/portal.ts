// What a page can do beyond being read. Everything here only adds: each control is made by the script that drives it.
import { addCopyButtons } from "./copy";
import { addThemeSwitch } from "./switch";
import { listenToKeys } from "./keys";
import { fillHost } from "./host";
import { keepLive } from "./live";
import { openMenu } from "./menu";
import { searchStatic } from "./find";
import { tryOperations } from "./try";

fillHost();
addCopyButtons();
addThemeSwitch();
listenToKeys();
tryOperations();
openMenu();
searchStatic();
keepLive();

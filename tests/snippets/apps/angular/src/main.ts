import { NgComponentOutlet } from "@angular/common";
import { Component, Type, provideZonelessChangeDetection, signal } from "@angular/core";
import { bootstrapApplication } from "@angular/platform-browser";
import { Chat as Inline } from "./inline/chat";
import { Chat as Api } from "./none/chat";
import { Chat as Popup } from "./popup/chat";

@Component({ selector: "app-popup", imports: [Popup], template: "<app-chat />" })
class PopupPage {}

@Component({ selector: "app-inline", imports: [Inline], template: "<app-chat />" })
class InlinePage {}

@Component({ selector: "app-none", imports: [Api], template: "<app-chat />" })
class ApiPage {}

const pages: Record<string, Type<unknown>> = { "/popup": PopupPage, "/inline": InlinePage, "/none": ApiPage };

@Component({
  selector: "app-root",
  imports: [NgComponentOutlet],
  template: `
    <button (click)="shown.set(!shown())">Toggle</button>
    @if (shown()) {
      <ng-container *ngComponentOutlet="page" />
    }
  `,
})
class App {
  page = pages[location.pathname];
  shown = signal(true);
}

bootstrapApplication(App, { providers: [provideZonelessChangeDetection()] });
